using System.Runtime.ExceptionServices;
using System.Transactions;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Npgsql;

namespace AiSystemSpec.Sdk.Connections;

/// <summary>One database: its data source, its EF context and its retries. All services of one registration share it.</summary>
internal sealed class Database : IDisposable, IAsyncDisposable
{
    private static readonly TimeSpan[] RetryDelays = [TimeSpan.FromMilliseconds(100), TimeSpan.FromMilliseconds(400), TimeSpan.FromMilliseconds(1_500)];

    private const int LongestTimeoutSeconds = int.MaxValue / 1_000; // Npgsql counts milliseconds

    private readonly NpgsqlDataSource? _owned;
    private readonly PrimaryHost? _primary;
    private readonly TimeProvider _timeProvider;
    private readonly Lazy<DbContextOptions<AiSystemSpecDbContext>> _contextOptions;
    private readonly int? _commandTimeout;
    private readonly ConnectionCheck? _check;
    private volatile bool _isFit;

    public Database(NpgsqlDataSource dataSource, bool ownsDataSource, TimeSpan? commandTimeout, TimeProvider timeProvider, ConnectionCheck? check = null)
    {
        _owned = ownsDataSource ? dataSource : null;
        _primary = dataSource is NpgsqlMultiHostDataSource hosts ? new PrimaryHost(hosts, timeProvider) : null;
        DataSource = _primary?.DataSource ?? dataSource;
        _timeProvider = timeProvider;
        _check = check;
        _isFit = ownsDataSource;
        _commandTimeout = commandTimeout is { } limit ? (int)Math.Clamp(Math.Ceiling(limit.TotalSeconds), 1, LongestTimeoutSeconds) : null;
        _contextOptions = new(() => AiSystemSpecContextOptions.Create(DataSource, _commandTimeout, CreateInterceptors()));
    }

    public NpgsqlDataSource DataSource { get; }

    /// <summary>Gets the time limit of a command in seconds; null for the connection string's.</summary>
    public int? CommandTimeout => _commandTimeout;

    public AiSystemSpecDbContext CreateContext() => new(_contextOptions.Value);

    /// <summary>
    /// Runs work that may safely run again (a read, or a write that carries its own id) and repeats it after transient errors.
    /// Where there are several hosts, it waits for a failover. The state is passed on, so that callers need no closure.
    /// </summary>
    public async ValueTask<T> ExecuteAsync<TState, T>(
        Func<NpgsqlConnection, TState, CancellationToken, ValueTask<T>> work, TState state, CancellationToken cancellationToken)
    {
        long? failedAt = null;
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                var connection = await OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
                await using (connection.ConfigureAwait(false))
                {
                    StandbyConfirmation.Watch(connection);
                    var result = await work(connection, state, cancellationToken).ConfigureAwait(false);
                    StandbyConfirmation.ThrowIfMissing(connection, cancellationToken);
                    return result;
                }
            }
            catch (NpgsqlException exception) when (
                TransientErrors.IsTransient(exception) && MayRetry(attempt, exception, failedAt ??= _timeProvider.GetTimestamp()))
            {
                if (exception is PostgresException postgres && PoolerErrors.IsOne(postgres))
                {
                    DataSource.Clear(); // a pooler that closes one idle connection has closed all: each would fail once more
                }

                if (!await WaitAsync(attempt, failedAt.Value, cancellationToken).ConfigureAwait(false))
                {
                    throw;
                }
            }
            catch (PostgresException exception) when (AccessErrors.MayBeOne(exception))
            {
                if (await AccessErrors.ExplainAsync(this, exception, cancellationToken).ConfigureAwait(false) is { } explained)
                {
                    throw explained;
                }

                throw;
            }
        }
    }

    /// <summary>Runs a query over the EF model, on a cold path, and repeats it after transient errors.</summary>
    public ValueTask<T> QueryAsync<TState, T>(
        Func<AiSystemSpecDbContext, TState, CancellationToken, Task<T>> query, TState state, CancellationToken cancellationToken) =>
        ExecuteAsync(
            static async (connection, work, token) =>
            {
                var context = work.Database.CreateContext();
                await using (context.ConfigureAwait(false))
                {
                    context.Database.SetDbConnection(connection);
                    try
                    {
                        return await work.Query(context, work.State, token).ConfigureAwait(false);
                    }
                    catch (InvalidOperationException wrapper) when (wrapper.InnerException is NpgsqlException)
                    {
                        // EF wraps transient errors to advertise its own retries: here they are ours, as everywhere.
                        ExceptionDispatchInfo.Throw(wrapper.InnerException);
                        throw;
                    }
                }
            },
            (Database: this, Query: query, State: state),
            cancellationToken);

    public NpgsqlCommand CreateCommand(NpgsqlConnection connection, string sql)
    {
        var command = new NpgsqlCommand(sql, connection);
        if (_commandTimeout is { } seconds)
        {
            command.CommandTimeout = seconds;
        }

        return command;
    }

    public NpgsqlBatch CreateBatch(NpgsqlConnection connection)
    {
        var batch = new NpgsqlBatch(connection);
        if (_commandTimeout is { } seconds)
        {
            batch.Timeout = seconds;
        }

        return batch;
    }

    /// <summary>Opens a connection outside any ambient transaction: the services take no part in a caller's.</summary>
    public ValueTask<NpgsqlConnection> OpenConnectionAsync(CancellationToken cancellationToken) =>
        !_isFit || _check is { IsDone: false } ? OpenCheckedAsync(cancellationToken) : OpenUncheckedAsync(cancellationToken);

    /// <summary>Looks, once, whether a host's data source is one that the services can work with.</summary>
    /// <exception cref="InvalidOperationException">It is not; the message says what to set.</exception>
    public void ThrowIfUnfit(NpgsqlConnection connection)
    {
        if (!_isFit)
        {
            DataSourceNeeds.ThrowIfUnmet(DataSource, connection);
            _isFit = true;
        }
    }

    public void Dispose()
    {
        _check?.Stop();
        _owned?.Dispose();
    }

    public async ValueTask DisposeAsync()
    {
        if (_check is not null)
        {
            await _check.DisposeAsync().ConfigureAwait(false);
        }

        if (_owned is not null)
        {
            await _owned.DisposeAsync().ConfigureAwait(false);
        }
    }

    private async ValueTask<NpgsqlConnection> OpenCheckedAsync(CancellationToken cancellationToken)
    {
        _check?.SeeSettings(this);
        var connection = await OpenUncheckedAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            ThrowIfUnfit(connection);
            _check?.SeeServer(this, connection);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private IEnumerable<IInterceptor> CreateInterceptors()
    {
        yield return new AccessErrorInterceptor(this);
        if (_owned is null)
        {
            yield return new DataSourceNeedsInterceptor(this);
        }

        if (_primary is not null)
        {
            yield return new PrimarySearchInterceptor(_primary);
        }
    }

    private ValueTask<NpgsqlConnection> OpenUncheckedAsync(CancellationToken cancellationToken) =>
        Transaction.Current is null ? OpenAsync(cancellationToken) : OpenSuppressedAsync(cancellationToken);

    private async ValueTask<NpgsqlConnection> OpenSuppressedAsync(CancellationToken cancellationToken)
    {
        using var scope = new TransactionScope(TransactionScopeOption.Suppress, TransactionScopeAsyncFlowOption.Enabled);
        return await OpenAsync(cancellationToken).ConfigureAwait(false);
    }

    private ValueTask<NpgsqlConnection> OpenAsync(CancellationToken cancellationToken) =>
        _primary?.OpenAsync(cancellationToken) ?? DataSource.OpenConnectionAsync(cancellationToken);

    private bool MayRetry(int attempt, NpgsqlException exception, long failedAt) =>
        attempt < RetryDelays.Length || (_primary?.IsBridging(failedAt) == true && TransientErrors.IsOfFailover(exception));

    /// <summary>Waits for the next attempt. A broken connection is replaced soon; only then is a failover likely.</summary>
    /// <returns>Whether there is one.</returns>
    private async Task<bool> WaitAsync(int attempt, long failedAt, CancellationToken cancellationToken)
    {
        if (attempt >= RetryDelays.Length)
        {
            return await _primary!.WaitAsync(failedAt, cancellationToken).ConfigureAwait(false);
        }

        await Task.Delay(RetryDelays[attempt], _timeProvider, cancellationToken).ConfigureAwait(false);
        return true;
    }
}
