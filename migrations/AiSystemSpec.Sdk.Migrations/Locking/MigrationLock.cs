using System.Data;
using System.Data.Common;
using AiSystemSpec.Sdk.Migrations.Statements;
using Npgsql;

namespace AiSystemSpec.Sdk.Migrations.Locking;

/// <summary>
/// The lock round a whole run, the same for all ways to migrate: an advisory lock held by an open transaction on a connection of its own.
/// </summary>
/// <remarks>
/// A transaction, because a session lock would be lost behind a transaction pooler. Polled, because a transaction that waits inside
/// <c>pg_advisory_lock</c> holds a snapshot, and CREATE INDEX CONCURRENTLY of the holder would wait for it for ever. The <c>SET LOCAL</c>
/// after it drops the snapshot of the successful poll for the same reason; neither a role's idle timeout nor its <c>transaction_timeout</c> ends the lock.
/// </remarks>
internal sealed class MigrationLock : IAsyncDisposable, IDisposable
{
    /// <summary>The advisory lock's key: the characters <c>AiSpMigr</c>.</summary>
    public const long Key = 0x4169_5370_4D69_6772;

    private const string TryLock = "SELECT pg_catalog.pg_try_advisory_xact_lock(4713390226820130674)";
    // An advisory lock's key stands in two halves in pg_locks.
    private const string FindHolder = """
        SELECT pg_catalog.format('process %s of user %s, %s', a.pid, a.usename, coalesce(nullif(a.application_name, ''), 'no application name'))
        FROM pg_catalog.pg_locks l JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid
        WHERE l.locktype = 'advisory' AND l.granted AND (l.classid::bigint << 32 | l.objid::bigint) = 4713390226820130674
        LIMIT 1
        """;

    private const string KeepOpen = "SET LOCAL idle_in_transaction_session_timeout = 0";

    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(250);

    private readonly NpgsqlConnection _connection;

    private MigrationLock(NpgsqlConnection connection) => _connection = connection;

    /// <summary>Waits until no other run is under way.</summary>
    /// <param name="open">Opens a connection that the lock owns from then on.</param>
    /// <param name="wait">How long to wait; null for as long as it takes.</param>
    /// <param name="timeProvider">Times the polls.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="MigrationException">Another run did not end in time.</exception>
    public static async Task<MigrationLock> AcquireAsync(
        Func<CancellationToken, ValueTask<NpgsqlConnection>> open, TimeSpan? wait, TimeProvider timeProvider, CancellationToken cancellationToken)
    {
        var connection = await open(cancellationToken).ConfigureAwait(false);
        try
        {
            var start = timeProvider.GetTimestamp();
            while (!await TryAcquireAsync(connection, cancellationToken).ConfigureAwait(false))
            {
                if (timeProvider.GetElapsedTime(start) > wait)
                {
                    throw MigrationException.Refused(
                        $"Another run ({await DescribeHolderAsync(connection, cancellationToken).ConfigureAwait(false)}) has not ended in {wait}. Wait for it, or end it, and run again.");
                }

                await Task.Delay(PollInterval, timeProvider, cancellationToken).ConfigureAwait(false);
            }

            return new MigrationLock(connection);
        }
        catch
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Fails when the lock is lost: its connection broke, and another run may have begun.</summary>
    public Task EnsureHeldAsync(CancellationToken cancellationToken) => ExecuteAsync(_connection, KeepOpen, cancellationToken);

    public void Dispose() => _connection.Dispose();

    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    private static async Task<bool> TryAcquireAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        DbTransaction transaction = await connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellationToken).ConfigureAwait(false);
        var command = new NpgsqlCommand(TryLock, connection);
        await using (command.ConfigureAwait(false))
        {
            if (await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false) is true)
            {
                await ExecuteAsync(connection, TimeLimits.LiftInTransaction, cancellationToken).ConfigureAwait(false);
                await ExecuteAsync(connection, KeepOpen, cancellationToken).ConfigureAwait(false);
                return true; // the transaction stays open: it is the lock
            }
        }

        await transaction.DisposeAsync().ConfigureAwait(false);
        return false;
    }

    private static async Task<string> DescribeHolderAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var command = new NpgsqlCommand(FindHolder, connection);
        await using (command.ConfigureAwait(false))
        {
            return await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false) as string ?? "it has just ended";
        }
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        var command = new NpgsqlCommand(sql, connection);
        await using (command.ConfigureAwait(false))
        {
            await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
        }
    }
}
