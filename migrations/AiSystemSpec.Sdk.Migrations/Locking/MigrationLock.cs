using AiSystemSpec.Sdk.Connections.AdvisoryLocks;
using AiSystemSpec.Sdk.Wire;
using Npgsql;

namespace AiSystemSpec.Sdk.Migrations.Locking;

/// <summary>The lock round a whole run, the same for all ways to migrate: an advisory lock on a connection of its own.</summary>
/// <remarks>
/// Polled, because a transaction that waits inside <c>pg_advisory_lock</c> holds a snapshot, and CREATE INDEX CONCURRENTLY of the holder
/// would wait for it for ever. Between the polls the session is in no transaction, so that a pooler may give its server connection to
/// others.
/// </remarks>
internal sealed class MigrationLock : IAsyncDisposable, IDisposable
{
    // An advisory lock's key stands in two halves in pg_locks.
    private const string FindHolder = """
        SELECT pg_catalog.format('process %s of user %s, %s', a.pid, a.usename, coalesce(nullif(a.application_name, ''), 'no application name'))
        FROM pg_catalog.pg_locks l JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid
        WHERE l.locktype = 'advisory' AND l.granted AND (l.classid::bigint << 32 | l.objid::bigint) = $1
        LIMIT 1
        """;

    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(250);

    private readonly LockSession _session;

    private MigrationLock(LockSession session) => _session = session;

    /// <summary>Waits until no other run is under way.</summary>
    /// <param name="open">Opens a connection that the lock owns from then on.</param>
    /// <param name="wait">How long to wait; null for as long as it takes.</param>
    /// <param name="timeProvider">Times the polls.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="MigrationException">Another run did not end in time.</exception>
    public static async Task<MigrationLock> AcquireAsync(
        Func<CancellationToken, ValueTask<NpgsqlConnection>> open, TimeSpan? wait, TimeProvider timeProvider, CancellationToken cancellationToken)
    {
        var start = timeProvider.GetTimestamp();
        NpgsqlConnection? connection = null;
        var (session, isTaken) = await LockSession.OpenAsync(
            async token => connection = await open(token).ConfigureAwait(false), LockKeys.Migrations, "migration lock", cancellationToken).ConfigureAwait(false);
        try
        {
            while (!isTaken)
            {
                await session.EndAsync().ConfigureAwait(false);
                if (timeProvider.GetElapsedTime(start) > wait)
                {
                    throw MigrationException.Refused(
                        $"Another run ({await DescribeHolderAsync(connection!, cancellationToken).ConfigureAwait(false)}) has not ended in {wait}. Wait for it, or end it, and run again.");
                }

                await Task.Delay(PollInterval, timeProvider, cancellationToken).ConfigureAwait(false);
                isTaken = await session.BeginAndTryLockAsync(LockKeys.Migrations).ConfigureAwait(false);
            }

            return new MigrationLock(session);
        }
        catch
        {
            await session.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Fails when the lock is lost: its connection broke, and another run may have begun.</summary>
    public Task EnsureHeldAsync() => _session.PingAsync();

    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult(); // EF's own migrator has a synchronous side

    public ValueTask DisposeAsync() => _session.DisposeAsync();

    private static async Task<string> DescribeHolderAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var command = new NpgsqlCommand(FindHolder, connection) { Parameters = { PgParameter.Bigint(LockKeys.Migrations) } };
        await using (command.ConfigureAwait(false))
        {
            return await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false) as string ?? "it has just ended";
        }
    }
}
