using AiSystemSpec.Sdk.Connections.Settings;
using AiSystemSpec.Sdk.Wire;
using Npgsql;

namespace AiSystemSpec.Sdk.Connections.AdvisoryLocks;

/// <summary>
/// One server connection that holds any number of session locks. An open transaction pins it behind a transaction pooler;
/// the utility statement after each lock drops the snapshot, so that the transaction holds back no vacuum and no index build, however long.
/// Not safe for parallel callers.
/// </summary>
/// <remarks>
/// The transaction is never ended while a lock is held: behind a pooler the locks would stay with a connection that is no longer ours.
/// </remarks>
internal sealed class LockSession : IAsyncDisposable
{
    /// <summary>
    /// How often whoever holds a lock should say something over its session: below any idle limit of a pooler or a firewall that is of
    /// use to anybody, at the price of one utility statement. A loss is noticed as soon.
    /// </summary>
    public static readonly TimeSpan PingInterval = TimeSpan.FromSeconds(1);

    private const int FirstVersionWithTransactionTimeout = 17;
    private const int CommandTimeoutSeconds = 10;

    // Said here, since a database may have another default: its transactions would keep their first snapshot to their end.
    private const string Begin = "BEGIN ISOLATION LEVEL READ COMMITTED";
    private const string BeginAgain = "ROLLBACK AND CHAIN"; // as it was begun
    private const string DropSnapshot = "SET LOCAL idle_in_transaction_session_timeout = 0";
    private const string AllowLongTransaction = "SET LOCAL transaction_timeout = 0";
    private const string TryLock = "SELECT pg_catalog.pg_try_advisory_lock($1)";
    private const string Unlock = "SELECT pg_catalog.pg_advisory_unlock($1)";
    private const string UnlockAll = "SELECT pg_catalog.pg_advisory_unlock_all()";
    private const string End = "ROLLBACK";

    private readonly NpgsqlConnection _connection;
    private readonly string _name;
    private bool _hasEnded;

    private LockSession(NpgsqlConnection connection, string purpose) =>
        (_connection, _name) = (connection, SessionName.SetLocal(connection, purpose));

    /// <summary>Opens a session and tries to take its first lock, in one round trip.</summary>
    /// <param name="open">Opens the connection, which is the session's from then on.</param>
    /// <param name="key">The lock's key.</param>
    /// <param name="purpose">What an operator reads who finds the session idle in its transaction.</param>
    /// <param name="cancellationToken">Cancels the opening of the connection.</param>
    public static async Task<(LockSession Session, bool IsTaken)> OpenAsync(
        Func<CancellationToken, ValueTask<NpgsqlConnection>> open, long key, string purpose, CancellationToken cancellationToken)
    {
        var connection = await open(cancellationToken).ConfigureAwait(false);
        var session = new LockSession(connection, purpose);
        try
        {
            return (session, await session.ReadAsync(key, [.. session.Beginning(Begin), TryLock, DropSnapshot]).ConfigureAwait(false));
        }
        catch
        {
            await session.DisposeAsync().ConfigureAwait(false); // the lock may have been taken, and only the answer lost
            throw;
        }
    }

    public Task<bool> TryLockAsync(long key) => ReadAsync(key, TryLock, DropSnapshot);

    /// <summary>
    /// Ends the transaction of a session that holds no lock, so that nothing is idle in one until <see cref="BeginAndTryLockAsync"/>.
    /// </summary>
    public async Task EndAsync()
    {
        await RunAsync(End).ConfigureAwait(false);
        _hasEnded = true;
    }

    /// <summary>Begins anew after <see cref="EndAsync"/>, and tries to take a lock, in one round trip.</summary>
    public async Task<bool> BeginAndTryLockAsync(long key)
    {
        _hasEnded = false;
        return await ReadAsync(key, [.. Beginning(Begin), TryLock, DropSnapshot]).ConfigureAwait(false);
    }

    public Task<bool> UnlockAsync(long key) => ReadAsync(key, Unlock, DropSnapshot);

    /// <summary>Releases the session's last lock and ends its transaction, in one round trip.</summary>
    public async Task<bool> UnlockAndEndAsync(long key)
    {
        var wasHeld = await ReadAsync(key, Unlock, UnlockAll, End).ConfigureAwait(false);
        _hasEnded = true;
        return wasHeld;
    }

    /// <summary>Shows that the session is alive, and keeps it from looking idle to whatever stands between.</summary>
    public Task PingAsync() => RunAsync(DropSnapshot);

    /// <summary>
    /// Mends the session after a statement failed: the transaction is aborted, but session locks outlive it. AND CHAIN leaves no moment
    /// outside a transaction.
    /// </summary>
    /// <returns>Whether the session, and so its locks, could be kept.</returns>
    public async Task<bool> TryMendAsync()
    {
        try
        {
            await RunAsync([.. Beginning(BeginAgain), DropSnapshot]).ConfigureAwait(false);
            return true;
        }
        catch (Exception exception) when (exception is NpgsqlException or InvalidOperationException)
        {
            return false;
        }
    }

    /// <summary>
    /// Ends the transaction and gives the connection back; only when no lock is held, but for one whose answer was lost: session locks
    /// outlive the transaction, and nothing else would release it. A broken connection is closed for good, and with it its locks.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        await using (_connection.ConfigureAwait(false))
        {
            if (_hasEnded)
            {
                return;
            }

            try
            {
                await RunAsync(BeginAgain, UnlockAll, End).ConfigureAwait(false);
            }
            catch (Exception exception) when (exception is NpgsqlException or InvalidOperationException)
            {
                // The server ends the transaction of a connection that is gone; who had locks there has been told.
            }
        }
    }

    private IEnumerable<string> Beginning(string begin) =>
        _connection.PostgreSqlVersion.Major >= FirstVersionWithTransactionTimeout ? [begin, _name, AllowLongTransaction] : [begin, _name];

    // Never the caller's token, here and below: a cancelled statement aborts the transaction of all topics.
    private async Task RunAsync(params string[] statements)
    {
        using var batch = BatchOf(statements, key: 0);
        _ = await batch.ExecuteNonQueryAsync(CancellationToken.None).ConfigureAwait(false);
    }

    private async Task<bool> ReadAsync(long key, params string[] statements)
    {
        using var batch = BatchOf(statements, key);
        return await batch.ExecuteScalarAsync(CancellationToken.None).ConfigureAwait(false) is true;
    }

    private NpgsqlBatch BatchOf(string[] statements, long key)
    {
        var batch = new NpgsqlBatch(_connection) { Timeout = CommandTimeoutSeconds };
        foreach (var sql in statements)
        {
            var command = new NpgsqlBatchCommand(sql);
            if (sql is TryLock or Unlock)
            {
                command.Parameters.Add(PgParameter.Bigint(key));
            }

            batch.BatchCommands.Add(command);
        }

        return batch;
    }
}
