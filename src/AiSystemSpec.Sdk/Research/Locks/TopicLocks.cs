using AiSystemSpec.Sdk.Connections;
using AiSystemSpec.Sdk.Diagnostics;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace AiSystemSpec.Sdk.Research.Locks;

/// <summary>
/// The locks that keep two processes from researching one topic at once. All of a process's locks live on one connection, which is open
/// only while a lock is held. A lock that cannot be had for reasons of its own (no connection) is reported as such, and research goes on without.
/// </summary>
internal sealed class TopicLocks : IAsyncDisposable
{
    /// <summary>How often the session is looked at while locks are held, and so how soon a loss is noticed at the latest.</summary>
    public static readonly TimeSpan PingInterval = TimeSpan.FromSeconds(10);

    private const string Probe = "SELECT pg_catalog.pg_try_advisory_xact_lock($1)";

    private readonly Database _database;
    private readonly ILogger _logger;
    private readonly ITimer _pings;
    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly Dictionary<long, TopicLock> _held = [];
    private LockSession? _session;

    public TopicLocks(Database database, TimeProvider timeProvider, ILogger logger)
    {
        _database = database;
        _logger = logger;
        _pings = timeProvider.CreateTimer(static state => _ = ((TopicLocks)state!).PingAsync(), this, PingInterval, PingInterval);
    }

    /// <summary>Tries once to take the topic's lock.</summary>
    /// <returns>The lock, or null where another process or another flight of this one has it.</returns>
    /// <exception cref="NpgsqlException">No lock can be had now.</exception>
    public async Task<TopicLock?> TryAcquireAsync(long key, CancellationToken cancellationToken)
    {
        // A process without a lock asks over the pool first: waiting must not open a session again and again.
        if (Volatile.Read(ref _session) is null && !await IsFreeAsync(key, cancellationToken).ConfigureAwait(false))
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

            _session ??= await LockSession.OpenAsync(_database, cancellationToken).ConfigureAwait(false);
            if (await _session.TryLockAsync(key).ConfigureAwait(false))
            {
                return _held[key] = new TopicLock(this, key);
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

            if (!await _session!.UnlockAsync(held.Key).ConfigureAwait(false))
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
                command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = state.key });
                return await command.ExecuteScalarAsync(token).ConfigureAwait(false) is true;
            },
            (_database, key),
            cancellationToken);

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
            await session.DisposeAsync().ConfigureAwait(false);
        }
    }

    private void ReportLost(TopicLock held, Exception? exception)
    {
        held.MarkLost();
        ResearchInstruments.LocksLost.Add(1);
        Log.TopicLockLost(_logger, exception);
    }
}
