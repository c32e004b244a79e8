using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using AiSystemSpec.Sdk.Connections.Opening;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Npgsql;

namespace AiSystemSpec.Sdk.Connections;

/// <summary>One database: its data source, its EF context and its retries. All services of one registration share it.</summary>
internal sealed class Database : IDisposable, IAsyncDisposable
{
    /// <summary>The <see cref="Label"/> of the registration without a key.</summary>
    public const string DefaultLabel = "default";

    private static readonly TimeSpan[] RetryDelays = [TimeSpan.FromMilliseconds(100), TimeSpan.FromMilliseconds(400), TimeSpan.FromMilliseconds(1_500)];

    private const int LongestTimeoutSeconds = int.MaxValue / 1_000; // Npgsql counts milliseconds

    private readonly ConnectionSource _source;
    private readonly TimeProvider _timeProvider;
    private readonly Lazy<DbContextOptions<AiSystemSpecDbContext>> _contextOptions;
    private readonly int? _commandTimeout;
    private readonly ConnectionCheck? _check;

    public Database(NpgsqlDataSource dataSource, bool ownsDataSource, TimeSpan? commandTimeout, TimeProvider timeProvider, ConnectionCheck? check = null, string label = DefaultLabel)
    {
        _source = new ConnectionSource(dataSource, ownsDataSource, timeProvider);
        _timeProvider = timeProvider;
        _check = check;
        Label = label;
        _commandTimeout = commandTimeout is { } limit ? (int)Math.Clamp(Math.Ceiling(limit.TotalSeconds), 1, LongestTimeoutSeconds) : null;
        _contextOptions = new(() => AiSystemSpecContextOptions.Create(DataSource, _commandTimeout, CreateInterceptors()));
    }

    /// <summary>Gets how metrics call the database: the registration's key.</summary>
    public string Label { get; }

    public NpgsqlDataSource DataSource => _source.DataSource;

    /// <summary>Gets the data source as it was given, with all of its hosts.</summary>
    public NpgsqlDataSource OriginalDataSource => _source.Original;

    /// <summary>Gets the time limit of a command in seconds; null for the connection string's.</summary>
    public int? CommandTimeout => _commandTimeout;

    public AiSystemSpecDbContext CreateContext() => new(_contextOptions.Value);

    /// <summary>
    /// Runs work that may safely run again (a read, or a write that carries its own id) and repeats it after transient errors.
    /// Where there are several hosts, it waits for a failover. The state is passed on, so that callers need no closure.
    /// </summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))] // on the way of every call, and awaited once
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
        _check is { IsDone: false } check ? OpenCheckedAsync(check, cancellationToken) : _source.OpenAsync(cancellationToken);

    public void Dispose()
    {
        _check?.Stop();
        _source.Dispose();
    }

    public async ValueTask DisposeAsync()
    {
        if (_check is not null)
        {
            await _check.DisposeAsync().ConfigureAwait(false);
        }

        await _source.DisposeAsync().ConfigureAwait(false);
    }

    private async ValueTask<NpgsqlConnection> OpenCheckedAsync(ConnectionCheck check, CancellationToken cancellationToken)
    {
        check.SeeSettings(_source);
        var connection = await _source.OpenAsync(cancellationToken).ConfigureAwait(false);
        check.SeeServer(_source, connection);
        return connection;
    }

    private IEnumerable<IInterceptor> CreateInterceptors()
    {
        yield return new AccessErrorInterceptor(this);
        if (_source.IsForeign)
        {
            yield return new DataSourceNeedsInterceptor(_source);
        }

        if (_source.Primary is { } primary)
        {
            yield return new PrimarySearchInterceptor(primary);
        }
    }

    private bool MayRetry(int attempt, NpgsqlException exception, long failedAt) =>
        attempt < RetryDelays.Length || (_source.Primary?.IsBridging(failedAt) == true && TransientErrors.IsOfFailover(exception));

    /// <summary>Waits for the next attempt. A broken connection is replaced soon; only then is a failover likely.</summary>
    /// <returns>Whether there is one.</returns>
    private async Task<bool> WaitAsync(int attempt, long failedAt, CancellationToken cancellationToken)
    {
        if (attempt >= RetryDelays.Length)
        {
            return await _source.Primary!.WaitAsync(failedAt, cancellationToken).ConfigureAwait(false);
        }

        await Task.Delay(RetryDelays[attempt], _timeProvider, cancellationToken).ConfigureAwait(false);
        return true;
    }
}
