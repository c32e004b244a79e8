using AiSystemSpec.Sdk.Connections;
using AiSystemSpec.Sdk.Connections.AdvisoryLocks;

namespace AiSystemSpec.Sdk.Retention.Purging;

/// <summary>
/// Keeps a second purge from running beside this one. It is held for the whole purge, as topics are while they are researched: a lock
/// that each batch took anew would let another host in at every pause. Held without a snapshot, it keeps no vacuum from cleaning up.
/// </summary>
/// <remarks>Two purges at once would delete nothing wrong and nothing twice: the lock spares the server, no more.</remarks>
internal sealed class PurgeLock : IAsyncDisposable
{
    private readonly LockSession _session;
    private readonly TimeProvider _timeProvider;
    private long _lastPing;

    private PurgeLock(LockSession session, TimeProvider timeProvider)
    {
        _session = session;
        _timeProvider = timeProvider;
        _lastPing = timeProvider.GetTimestamp();
    }

    /// <summary>Tries once.</summary>
    /// <returns>The lock, or null while another purge has it.</returns>
    public static async Task<PurgeLock?> TryTakeAsync(Database database, TimeProvider timeProvider, CancellationToken cancellationToken)
    {
        var (session, isTaken) = await LockSession.OpenAsync(database.OpenConnectionAsync, LockKeys.Purge, "purge lock", cancellationToken).ConfigureAwait(false);
        if (isTaken)
        {
            return new PurgeLock(session, timeProvider);
        }

        await session.DisposeAsync().ConfigureAwait(false);
        return null;
    }

    /// <summary>Looks from time to time whether the session, and so the lock, is still there.</summary>
    /// <exception cref="Npgsql.NpgsqlException">It is not.</exception>
    public async ValueTask KeepAsync()
    {
        if (_timeProvider.GetElapsedTime(_lastPing) >= LockSession.PingInterval)
        {
            await _session.PingAsync().ConfigureAwait(false);
            _lastPing = _timeProvider.GetTimestamp();
        }
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            _ = await _session.UnlockAsync(LockKeys.Purge).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is Npgsql.NpgsqlException or InvalidOperationException)
        {
            // The lock goes with the connection that is lost.
        }
        finally
        {
            await _session.DisposeAsync().ConfigureAwait(false);
        }
    }
}
