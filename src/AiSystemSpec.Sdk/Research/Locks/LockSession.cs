using AiSystemSpec.Sdk.Connections;
using AiSystemSpec.Sdk.Persistence;
using Npgsql;

namespace AiSystemSpec.Sdk.Research.Locks;

/// <summary>
/// One server connection that holds the session locks of any number of topics. An open transaction pins it behind a transaction pooler;
/// the utility statement after each lock drops the snapshot, so that the transaction holds back no vacuum and no index build, however long.
/// Not safe for parallel callers: <see cref="TopicLocks"/> lets one in at a time.
/// </summary>
/// <remarks>The transaction is never ended while a lock is held: behind a pooler the locks would stay with a connection that is no longer ours.</remarks>
internal sealed class LockSession : IAsyncDisposable
{
    private const int FirstVersionWithTransactionTimeout = 17;
    private const int CommandTimeoutSeconds = 10;
    private const string DropSnapshot = "SET LOCAL idle_in_transaction_session_timeout = 0";
    private const string AllowLongTransaction = "SET LOCAL transaction_timeout = 0";
    private const string TryLock = "SELECT pg_catalog.pg_try_advisory_lock($1)";
    private const string Unlock = "SELECT pg_catalog.pg_advisory_unlock($1)";
    private const string UnlockAll = "SELECT pg_catalog.pg_advisory_unlock_all()";

    private readonly NpgsqlConnection _connection;

    private LockSession(NpgsqlConnection connection) => _connection = connection;

    public static async Task<LockSession> OpenAsync(Database database, CancellationToken cancellationToken)
    {
        var connection = await database.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
        var session = new LockSession(connection);
        try
        {
            await session.BeginAsync("BEGIN").ConfigureAwait(false);
            return session;
        }
        catch
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    public Task<bool> TryLockAsync(long key) => RunAsync(TryLock, key);

    public Task<bool> UnlockAsync(long key) => RunAsync(Unlock, key);

    /// <summary>Shows that the session is alive, and keeps it from looking idle to whatever stands between.</summary>
    public async Task PingAsync()
    {
        using var command = new NpgsqlCommand(DropSnapshot, _connection) { CommandTimeout = CommandTimeoutSeconds };
        _ = await command.ExecuteNonQueryAsync(CancellationToken.None).ConfigureAwait(false);
    }

    /// <summary>Mends the session after a statement failed: the transaction is aborted, but session locks outlive it. AND CHAIN leaves no moment outside a transaction.</summary>
    /// <returns>Whether the session, and so its locks, could be kept.</returns>
    public async Task<bool> TryMendAsync()
    {
        try
        {
            await BeginAsync("ROLLBACK AND CHAIN").ConfigureAwait(false);
            return true;
        }
        catch (Exception exception) when (exception is NpgsqlException or InvalidOperationException)
        {
            return false;
        }
    }

    /// <summary>
    /// Ends the transaction and gives the connection back; only when no lock is held, but for one whose answer was lost: session locks outlive
    /// the transaction, and nothing else would release it. A broken connection is closed for good, and with it its locks.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        await using (_connection.ConfigureAwait(false))
        {
            try
            {
                using var batch = new NpgsqlBatch(_connection) { Timeout = CommandTimeoutSeconds };
                foreach (var sql in (ReadOnlySpan<string>)["ROLLBACK AND CHAIN", UnlockAll, "ROLLBACK"])
                {
                    batch.BatchCommands.Add(new NpgsqlBatchCommand(sql));
                }

                _ = await batch.ExecuteNonQueryAsync(CancellationToken.None).ConfigureAwait(false);
            }
            catch (Exception exception) when (exception is NpgsqlException or InvalidOperationException)
            {
                // The server ends the transaction of a connection that is gone; who had locks there has been told.
            }
        }
    }

    // Never the caller's token: a cancelled statement aborts the transaction of all topics.
    private async Task BeginAsync(string begin)
    {
        using var batch = new NpgsqlBatch(_connection) { Timeout = CommandTimeoutSeconds };
        batch.BatchCommands.Add(new NpgsqlBatchCommand(begin));
        if (_connection.PostgreSqlVersion.Major >= FirstVersionWithTransactionTimeout)
        {
            batch.BatchCommands.Add(new NpgsqlBatchCommand(AllowLongTransaction));
        }

        batch.BatchCommands.Add(new NpgsqlBatchCommand(DropSnapshot));
        _ = await batch.ExecuteNonQueryAsync(CancellationToken.None).ConfigureAwait(false);
    }

    private async Task<bool> RunAsync(string sql, long key)
    {
        using var batch = new NpgsqlBatch(_connection) { Timeout = CommandTimeoutSeconds };
        batch.BatchCommands.Add(new NpgsqlBatchCommand(sql) { Parameters = { PgParameter.Bigint(key) } });
        batch.BatchCommands.Add(new NpgsqlBatchCommand(DropSnapshot));
        return await batch.ExecuteScalarAsync(CancellationToken.None).ConfigureAwait(false) is true;
    }
}
