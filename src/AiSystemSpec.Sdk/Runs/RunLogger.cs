using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using AiSystemSpec.Sdk.Connections;
using AiSystemSpec.Sdk.Diagnostics;
using AiSystemSpec.Sdk.Runs.Formatting;
using AiSystemSpec.Sdk.Runs.Queue;
using AiSystemSpec.Sdk.Runs.Spool;
using AiSystemSpec.Sdk.Runs.Stages;
using AiSystemSpec.Sdk.Runs.Writing;
using Microsoft.Extensions.Logging;

namespace AiSystemSpec.Sdk.Runs;

/// <summary>Writes run rows: directly, or through a bounded queue and one background writer.</summary>
internal sealed class RunLogger : IRunLogger, IRowSink, IDisposable, IAsyncDisposable
{
    // With a spool: how long a flush waits for an answer. A host that has just started on a busy machine takes seconds for its first
    // connection.
    private static readonly TimeSpan FlushPatience = TimeSpan.FromSeconds(5);

    private readonly Database _database;
    private readonly TimeProvider _timeProvider;
    private readonly ILogger _log;
    private readonly TimeSpan _shutdownTimeout;
    private readonly RunTable _table;
    private readonly RowFormatter _formatter;
    private readonly StageStarter _stages;
    private readonly TimeOrderedIds _ids;
    private readonly IRowQueue _queue;
    private readonly FlushWaiters _flushes = new();
    private readonly BackgroundWriter _writer;
    private readonly Func<long> _waiting;
    private readonly ITimer? _rescan;
    private long _accepted;
    private int _isDisposed;

    public RunLogger(Database database, AiSystemSpecOptions options, string registration, TimeProvider timeProvider, ILogger logger)
    {
        _database = database;
        _timeProvider = timeProvider;
        _log = logger;
        _shutdownTimeout = options.ShutdownTimeout;
        _table = new RunTable(database);
        _formatter = new RowFormatter(options.RunLog.Redactions, logger);
        _stages = new StageStarter(this, timeProvider);
        _ids = new TimeOrderedIds(timeProvider);
        State = new RunLogState(logger, timeProvider, new RunInstruments(database.Label));
        (_queue, var setAside) = RowQueues.Create(options.RunLog, database, registration, _ids, _formatter, State, timeProvider, logger);
        var batches = new BatchWriter(database, _table, new DatabaseClock(timeProvider, _queue), State, new RowVerdict(State, setAside, logger));
        _writer = new BackgroundWriter(_queue, batches, _flushes, State, () => Volatile.Read(ref _accepted), timeProvider, logger);
        _waiting = () => _queue.Waiting;
        State.Instruments.Observe(_waiting);
        _rescan = _queue.IsDurable ? timeProvider.CreateTimer(_ => _writer.Wake(), state: null, LeftFolders.RescanInterval, LeftFolders.RescanInterval) : null;
    }

    /// <summary>Gets what the health check reads.</summary>
    public RunLogState State { get; }

    public async Task<PipelineRun> WriteAsync(RunLogEntry entry, CancellationToken cancellationToken = default)
    {
        RunEntryRules.ThrowIfBroken(entry);
        var row = _formatter.FormatStrictly(entry, _ids.NewId());
        var createdAt = await _database.ExecuteAsync(
            static (connection, state, token) => state._table.WriteAsync(connection, state.row, token),
            (_table, row),
            cancellationToken).ConfigureAwait(false);
        State.CountDirect();
        return CommittedRow.Of(row, createdAt);
    }

    public void Enqueue(RunLogEntry entry)
    {
        RunEntryRules.ThrowIfBroken(entry);
        HandOver(_formatter.Copy(entry));
    }

    public StageScope BeginStage(string runId, string stage, JsonNode? inputRefs = null, int attempt = 1) =>
        _stages.Begin(runId, stage, inputRefs, attempt);

    public Task<T> RunStageAsync<T>(
        string runId, string stage, Func<StageScope, CancellationToken, Task<T>> body, StageOptions? options = null, CancellationToken cancellationToken = default)
    {
        RunEntryRules.ThrowIfBroken(runId, stage, attempt: 1);
        ArgumentNullException.ThrowIfNull(body);
        options ??= new StageOptions();
        StageRunner.ThrowIfOutOfRange(options);
        return options.Resilience is null
            ? new StageRunner(_stages, _timeProvider, options).RunAsync(runId, stage, body, cancellationToken)
            : new PipelineRunner(_stages, options, runId, stage).RunAsync(body, cancellationToken);
    }

    public Task RunStageAsync(
        string runId, string stage, Func<StageScope, CancellationToken, Task> body, StageOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(body);
        return RunStageAsync<object?>(
            runId,
            stage,
            async (scope, token) =>
            {
                await body(scope, token).ConfigureAwait(false);
                return null;
            },
            options,
            cancellationToken);
    }

    [OverloadResolutionPriority(-1)]
    public Task<T> RunStageAsync<T>(
        string runId, string stage, Func<StageScope, CancellationToken, ValueTask<T>> body, StageOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(body);
        return RunStageAsync(runId, stage, (scope, token) => body(scope, token).AsTask(), options, cancellationToken);
    }

    [OverloadResolutionPriority(-1)]
    public Task RunStageAsync(
        string runId, string stage, Func<StageScope, CancellationToken, ValueTask> body, StageOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(body);
        return RunStageAsync(runId, stage, (scope, token) => body(scope, token).AsTask(), options, cancellationToken);
    }

    public void Skip(string runId, string stage, SkipOptions? options = null) =>
        Enqueue(new RunLogEntry(runId, stage, RunStatus.Skipped)
        {
            InputRefs = options?.InputRefs,
            OutputRefs = options?.OutputRefs,
            Metrics = options?.CacheHit is null ? null : new StageMetrics { CacheHit = options.CacheHit },
        });

    public async Task<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        var target = Volatile.Read(ref _accepted);
        await (_queue.IsDurable ? WaitForProgressAsync(target, cancellationToken) : _flushes.WaitAsync(target, cancellationToken)).ConfigureAwait(false);
        return Count();
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) == 0)
        {
            StopAsync().GetAwaiter().GetResult(); // nothing on the way needs the caller's context
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) == 0)
        {
            await StopAsync().ConfigureAwait(false);
        }
    }

    RowFormatter IRowSink.Formatter => _formatter;

    RunInstruments IRowSink.Instruments => State.Instruments;

    /// <summary>Takes over a row whose content is copied.</summary>
    public void HandOver(HandedOverRow row)
    {
        if (Volatile.Read(ref _isDisposed) != 0)
        {
            State.CountLost(1, "disposed");
        }
        else if (_queue.Add(row) is { } reason)
        {
            State.CountLost(1, reason);
        }
        else
        {
            _ = Interlocked.Increment(ref _accepted);
            _writer.Wake();
        }
    }

    /// <summary>What was dealt with and is not out of the queue yet is counted as what became of it.</summary>
    private FlushResult Count()
    {
        var (spooled, waiting, dealtWith) = (_queue.Spooled, _queue.Waiting, _writer.DealtWith);
        return new FlushResult
        {
            Written = State.Written,
            Spooled = Math.Max(0, spooled - dealtWith.OnDisk),
            Lost = State.Lost,
            SetAside = State.SetAside,
            Waiting = Math.Max(0, waiting - spooled - dealtWith.InMemory),
        };
    }

    /// <summary>
    /// With a spool the rows are safe already: nobody waits for a database that does not answer, even before that is certain.
    /// </summary>
    private async Task WaitForProgressAsync(long target, CancellationToken cancellationToken)
    {
        var waiting = _flushes.WaitAsync(target, cancellationToken);
        while (!waiting.IsCompleted)
        {
            var (arrivals, steps) = (State.Arrivals, _writer.Steps);
            var patience = Task.Delay(FlushPatience, _timeProvider, cancellationToken);
            if (await Task.WhenAny(waiting, patience).ConfigureAwait(false) == patience
                && State.Arrivals == arrivals && _writer.Steps == steps && !_writer.IsBusy)
            {
                cancellationToken.ThrowIfCancellationRequested();
                return;
            }
        }

        await waiting.ConfigureAwait(false);
    }

    private async Task StopAsync()
    {
        if (_rescan is not null)
        {
            await _rescan.DisposeAsync().ConfigureAwait(false);
        }

        await _writer.StopAsync(_shutdownTimeout).ConfigureAwait(false);
        if (_queue.Close(_writer.Unreleased) is > 0 and var left)
        {
            State.CountLost(left, "shutdown");
        }

        var spooled = Count().Spooled;
        _flushes.OpenUpTo(long.MaxValue);
        await _writer.DisposeAsync().ConfigureAwait(false);
        _queue.Dispose(); // what no file took after all is lost only now
        if (State.Lost > 0 || State.SetAside > 0 || spooled > 0)
        {
            Log.RunLogEnded(_log, State.Lost > 0 ? LogLevel.Error : LogLevel.Warning, State.Lost, State.SetAside, spooled);
        }
    }
}
