using AiSystemSpec.Sdk.Time;
using Npgsql;

namespace AiSystemSpec.Sdk.Connections;

/// <summary>
/// The one of several hosts that takes writes. Reads go there too: a lagging standby's miss is a paid call. After a failover it is searched
/// for, by one search for all callers, so that neither the dead host nor the standby is run over.
/// </summary>
internal sealed class PrimaryHost(NpgsqlMultiHostDataSource hosts, TimeProvider timeProvider)
{
    /// <summary>How long after its first failure a call waits for a primary.</summary>
    public static readonly TimeSpan Bridge = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan SearchInterval = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private Task<NpgsqlException?> _search = Task.FromResult<NpgsqlException?>(null);

    /// <summary>Gets the source of connections to it. ReadWrite, not Primary: an old primary that was set to read-only before a switchover is passed over.</summary>
    public NpgsqlDataSource DataSource { get; } = hosts.WithTargetSession(TargetSessionAttributes.ReadWrite);

    /// <summary>Opens a connection, without waiting for a failover; but what it finds out later calls profit from.</summary>
    /// <exception cref="NoPrimaryException">No host takes writes now.</exception>
    public async ValueTask<NpgsqlConnection> OpenAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await DataSource.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (NpgsqlException exception) when (NoPrimaryException.IsMeantBy(exception))
        {
            BeginSearch();
            throw new NoPrimaryException(hosts.ConnectionString, exception);
        }
    }

    /// <summary>Finds out what the hosts are now, for whoever connects next.</summary>
    public void BeginSearch() => _ = SearchAsync();

    public bool IsBridging(long failedAt) => timeProvider.GetElapsedTime(failedAt) < Bridge;

    /// <summary>Waits until a host takes writes.</summary>
    /// <param name="failedAt">The timestamp of the call's first failure.</param>
    /// <param name="cancellationToken">Ends the wait at once.</param>
    /// <exception cref="NoPrimaryException">None did within <see cref="Bridge"/>.</exception>
    public async Task WaitAsync(long failedAt, CancellationToken cancellationToken)
    {
        NpgsqlException? reason = null;
        do
        {
            try
            {
                reason = await SearchAsync().WaitAsync(TimeLeft(failedAt), timeProvider, cancellationToken).ConfigureAwait(false);
            }
            catch (TimeoutException)
            {
                reason ??= new NpgsqlException("No host has answered.");
            }

            if (reason is not null && !IsBridging(failedAt))
            {
                throw new NoPrimaryException(hosts.ConnectionString, reason);
            }
        }
        while (reason is not null);
    }

    private TimeSpan TimeLeft(long failedAt) => Bridge - timeProvider.GetElapsedTime(failedAt) is var left && left > TimeSpan.Zero ? left : TimeSpan.Zero;

    private Task<NpgsqlException?> SearchAsync()
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
    /// <returns>Why there is no primary; null where one was found.</returns>
    private async Task<NpgsqlException?> AskAllAsync()
    {
        await timeProvider.Delay(SearchInterval, CancellationToken.None).ConfigureAwait(false);
        try
        {
            hosts.ClearDatabaseStates();
            var connection = await DataSource.OpenConnectionAsync(CancellationToken.None).ConfigureAwait(false);
            await connection.DisposeAsync().ConfigureAwait(false);
            return null;
        }
        catch (NpgsqlException exception)
        {
            return exception;
        }
        catch (ObjectDisposedException)
        {
            return null; // whoever waits finds out by itself
        }
    }
}
