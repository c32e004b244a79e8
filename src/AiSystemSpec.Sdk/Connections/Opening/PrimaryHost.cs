using System.Runtime.ExceptionServices;
using AiSystemSpec.Sdk.Time;
using Npgsql;

namespace AiSystemSpec.Sdk.Connections.Opening;

/// <summary>
/// The one of several hosts that takes writes. Reads go there too: a lagging standby's miss is a paid call. After a failover it is searched
/// for, by one search for all callers, so that neither the dead host nor the standby is run over.
/// </summary>
internal sealed class PrimaryHost(NpgsqlMultiHostDataSource hosts, TimeProvider timeProvider)
{
    /// <summary>How long after its first failure a call waits for a primary.</summary>
    public static readonly TimeSpan Bridge = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan SearchInterval = TimeSpan.FromSeconds(1);

    private readonly NpgsqlDataSource _readOnly = hosts.WithTargetSession(TargetSessionAttributes.Primary);
    private readonly Lock _lock = new();
    private Task<bool> _search = Task.FromResult(true);
    private volatile NpgsqlException? _lastSearch; // says why, where the data source only remembers that

    /// <summary>
    /// Gets the source of connections to it. ReadWrite, not Primary: an old primary that was set to read-only before a switchover is
    /// passed over.
    /// </summary>
    public NpgsqlDataSource DataSource { get; } = hosts.WithTargetSession(TargetSessionAttributes.ReadWrite);

    /// <summary>
    /// Opens a connection, without waiting for a failover; but what it finds out later calls profit from. Where the primary takes only
    /// reads, from this role or from all, it is still the one to read from.
    /// </summary>
    /// <exception cref="NoPrimaryException">No host is a primary now.</exception>
    public async ValueTask<NpgsqlConnection> OpenAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await OpenAsync(DataSource, cancellationToken).ConfigureAwait(false);
        }
        catch (NpgsqlException exception) when (NoPrimaryException.IsMeantBy(exception))
        {
            return await OpenReadOnlyAsync(exception, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Finds out what the hosts are now, for whoever connects next.</summary>
    public void BeginSearch() => _ = SearchAsync();

    public bool IsBridging(long failedAt) => timeProvider.GetElapsedTime(failedAt) < Bridge;

    /// <summary>Waits until a host takes writes.</summary>
    /// <param name="failedAt">The timestamp of the call's first failure.</param>
    /// <param name="cancellationToken">Ends the wait at once.</param>
    /// <returns>Whether one did, within <see cref="Bridge"/>.</returns>
    public async Task<bool> WaitAsync(long failedAt, CancellationToken cancellationToken)
    {
        while (IsBridging(failedAt))
        {
            try
            {
                if (await SearchAsync().WaitAsync(TimeLeft(failedAt), timeProvider, cancellationToken).ConfigureAwait(false))
                {
                    return true;
                }
            }
            catch (TimeoutException)
            {
                // The bridge ends before the search does.
            }
        }

        return false;
    }

    private async Task<NpgsqlConnection> OpenReadOnlyAsync(NpgsqlException reason, CancellationToken cancellationToken)
    {
        try
        {
            return await OpenAsync(_readOnly, cancellationToken).ConfigureAwait(false);
        }
        catch (NpgsqlException exception) when (NoPrimaryException.IsMeantBy(exception))
        {
            BeginSearch();
            throw new NoPrimaryException(hosts.ConnectionString, reason.InnerException is null ? _lastSearch ?? reason : reason);
        }
    }

    private static async ValueTask<NpgsqlConnection> OpenAsync(NpgsqlDataSource source, CancellationToken cancellationToken)
    {
        try
        {
            return await source.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (NpgsqlException exception) when (exception.InnerException is AggregateException reasons && !NoPrimaryException.IsMeantBy(exception))
        {
            // Npgsql's own words only say that there are others inside.
            ExceptionDispatchInfo.Throw(NoPrimaryException.FindCause(reasons));
            throw;
        }
    }

    private TimeSpan TimeLeft(long failedAt) =>
        Bridge - timeProvider.GetElapsedTime(failedAt) is var left && left > TimeSpan.Zero ? left : TimeSpan.Zero;

    private Task<bool> SearchAsync()
    {
        lock (_lock)
        {
            if (_search.IsCompleted)
            {
                using (ExecutionContext.SuppressFlow()) // the first caller's activity and transaction are not the search's
                {
                    _search = Task.Run(AskAllAsync);
                }
            }

            return _search;
        }
    }

    /// <summary>Asks every host what it is now.</summary>
    /// <returns>Whether one takes writes.</returns>
    private async Task<bool> AskAllAsync()
    {
        await timeProvider.Delay(SearchInterval, CancellationToken.None).ConfigureAwait(false);
        try
        {
            hosts.ClearDatabaseStates();
            var connection = await DataSource.OpenConnectionAsync(CancellationToken.None).ConfigureAwait(false);
            await connection.DisposeAsync().ConfigureAwait(false);
            _lastSearch = null;
            return true;
        }
        catch (NpgsqlException exception)
        {
            _lastSearch = exception;
            return false;
        }
        catch (ObjectDisposedException)
        {
            return true; // whoever waits finds out by itself
        }
    }
}
