using AiSystemSpec.Sdk.Connections;
using AiSystemSpec.Sdk.Connections.AdvisoryLocks;
using AiSystemSpec.Sdk.Diagnostics;
using AiSystemSpec.Sdk.Wire;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace AiSystemSpec.Sdk.Research.Locks;

/// <summary>
/// The locks that keep two processes from researching one topic at once. All of a process's locks live on one connection, which is open
/// only while a lock is held. A lock that cannot be had for reasons of its own (no connection) is reported as such, and research goes on
/// without.
/// </summary>
internal sealed class TopicLocks : IAsyncDisposable
{
    private const string Probe = "SELECT pg_catalog.pg_try_advisory_xact_lock($1)";

    private readonly Database _database;
    private readonly ResearchInstruments _instruments;
    private readonly ILogger _logger;
    private readonly ITimer _pings;
    private readonly Lazy<string> _place;
    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly Dictionary<long, TopicLock> _held = [];
    private LockSession? _session;

    public TopicLocks(Database database, TimeProvider timeProvider, ResearchInstruments instruments, ILogger logger)
    {
        _database = database;
        _instruments = instruments;
        _logger = logger;
        _place = new(() => LockHolders.PlaceOf(database.DataSource));
        _pings = timeProvider.CreateTimer(static state => _ = ((TopicLocks)state!).PingAsync(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Gets who of this process has the topic's lock, whichever of its caches took it.</summary>
    public object? FindHolder(long key) => LockHolders.Find(_place.Value, key);

    /// <summary>Tries once to take the topic's lock.</summary>
    /// <param name="key">The topic's key.</param>
    /// <param name="holder">For whom.</param>
    /// <param name="isFirstTry">Whether this is the first try; most succeed, and are worth opening the session at once.</param>
    /// <param name="cancellationToken">Cancels the try.</param>
    /// <returns>The lock, or null where another process or another flight of this one has it.</returns>
    /// <exception cref="NpgsqlException">No lock can be had now.</exception>
    public async Task<TopicLock?> TryAcquireAsync(long key, object holder, bool isFirstTry, CancellationToken cancellationToken)
    {
        // A process without a lock that waits for one asks over the pool: it must not open a session again and again.
        if (!isFirstTry && Volatile.Read(ref _session) is null && !await IsFreeAsync(key, cancellationToken).ConfigureAwait(false))
        {
            return null;
        }

        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_held.ContainsKey(key))
            {
                return null; // session locks are re-entrant, so the server would say yes
            }

            if (_session is { } session ? await session.TryLockAsync(key).ConfigureAwait(false) : await OpenAsync(key, cancellationToken).ConfigureAwait(false))
            {
                LockHolders.Add(_place.Value, key, holder);
                return _held[key] = new TopicLock(this, key, holder);
            }

            await CloseIfUnusedAsync().ConfigureAwait(false);
            return null;
        }
        catch (Exception exception) when (exception is NpgsqlException or InvalidOperationException)
        {
            await RecoverAsync(exception).ConfigureAwait(false);
            throw;
        }
        finally
        {
            _ = _gate.Release();
        }
    }

    public async Task ReleaseAsync(TopicLock held)
    {
        await _gate.WaitAsync(CancellationToken.None).ConfigureAwait(false);
        try
        {
            if (held.IsLost || !_held.Remove(held.Key))
            {
                return;
            }

            LockHolders.Remove(_place.Value, held.Key, held.Holder);
            var wasHeld = _held.Count == 0
                ? await _session!.UnlockAndEndAsync(held.Key).ConfigureAwait(false)
                : await _session!.UnlockAsync(held.Key).ConfigureAwait(false);
            if (!wasHeld)
            {
                ReportLost(held, exception: null);
            }

            await CloseIfUnusedAsync().ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is NpgsqlException or InvalidOperationException)
        {
            ReportLost(held, exception);
            await RecoverAsync(exception).ConfigureAwait(false);
        }
        finally
        {
            _ = _gate.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _pings.DisposeAsync().ConfigureAwait(false);
        foreach (var held in _held.Values.ToList())
        {
            await ReleaseAsync(held).ConfigureAwait(false);
        }
    }

    private ValueTask<bool> IsFreeAsync(long key, CancellationToken cancellationToken) =>
        _database.ExecuteAsync(
            static async (connection, state, token) =>
            {
                using var command = state._database.CreateCommand(connection, Probe);
                command.Parameters.Add(PgParameter.Bigint(state.key));
                return await command.ExecuteScalarAsync(token).ConfigureAwait(false) is true;
            },
            (_database, key),
            cancellationToken);

    private async Task<bool> OpenAsync(long key, CancellationToken cancellationToken)
    {
        (_session, var isTaken) = await LockSession.OpenAsync(_database.OpenConnectionAsync, key, "research lock", cancellationToken).ConfigureAwait(false);
        _ = _pings.Change(LockSession.PingInterval, LockSession.PingInterval);
        return isTaken;
    }

    private async Task PingAsync()
    {
        if (!await _gate.WaitAsync(0).ConfigureAwait(false))
        {
            return; // in use, so looked at
        }

        try
        {
            if (_session is { } session)
            {
                await session.PingAsync().ConfigureAwait(false);
            }
        }
        catch (Exception exception) when (exception is NpgsqlException or InvalidOperationException)
        {
            await RecoverAsync(exception).ConfigureAwait(false);
        }
        finally
        {
            _ = _gate.Release();
        }
    }

    private async Task RecoverAsync(Exception exception)
    {
        if (_session is not { } session || await session.TryMendAsync().ConfigureAwait(false))
        {
            await CloseIfUnusedAsync().ConfigureAwait(false);
            return;
        }

        foreach (var held in _held.Values)
        {
            ReportLost(held, exception);
        }

        _held.Clear();
        await CloseIfUnusedAsync().ConfigureAwait(false);
    }

    private async Task CloseIfUnusedAsync()
    {
        if (_held.Count == 0 && _session is { } session)
        {
            _session = null;
            _ = _pings.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            await session.DisposeAsync().ConfigureAwait(false);
        }
    }

    private void ReportLost(TopicLock held, Exception? exception)
    {
        held.MarkLost();
        LockHolders.Remove(_place.Value, held.Key, held.Holder);
        _instruments.CountLostLock();
        Log.TopicLockLost(_logger, exception);
    }
}
