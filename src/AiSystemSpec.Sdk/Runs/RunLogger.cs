using System.Text.Json.Nodes;
using AiSystemSpec.Sdk.Connections;
using AiSystemSpec.Sdk.Diagnostics;
using AiSystemSpec.Sdk.Runs.Content;
using AiSystemSpec.Sdk.Runs.Queue;
using AiSystemSpec.Sdk.Runs.Stages;
using AiSystemSpec.Sdk.Runs.Writing;
using Microsoft.Extensions.Logging;

namespace AiSystemSpec.Sdk.Runs;

/// <summary>Writes run rows: directly, or through a bounded queue and one background writer.</summary>
internal sealed class RunLogger : IRunLogger, IDisposable, IAsyncDisposable
{
    private readonly Database _database;
    private readonly TimeProvider _timeProvider;
    private readonly TimeSpan _shutdownTimeout;
    private readonly RunTable _table;
    private readonly RowFormatter _formatter;
    private readonly MemoryQueue _queue;
    private readonly FlushWaiters _flushes = new();
    private readonly BackgroundWriter _writer;
    private readonly Func<long> _waiting;
    private long _accepted;
    private int _isDisposed;

    public RunLogger(Database database, AiSystemSpecOptions options, TimeProvider timeProvider, ILogger logger)
    {
        _database = database;
        _timeProvider = timeProvider;
        _shutdownTimeout = options.ShutdownTimeout;
        _table = new RunTable(database);
        _formatter = new RowFormatter(new SafeContent(options.RunLog.Redactions, isStrict: true), new SafeContent(options.RunLog.Redactions, isStrict: false));
        _queue = new MemoryQueue(options.RunLog.QueueCapacity, timeProvider);
        State = new RunLogState(logger, timeProvider);
        var batches = new BatchWriter(database, _table, timeProvider, State, new CountedLoss(State, logger));
        _writer = new BackgroundWriter(new MemoryRows(_queue, _formatter), batches, _flushes, timeProvider, logger);
        _waiting = () => _queue.Count;
        RunInstruments.Observe(_waiting);
    }

    /// <summary>Gets what the health check reads.</summary>
    public RunLogState State { get; }

    /// <summary>Gets whether the background writer's last attempt failed.</summary>
    public bool IsDatabaseAway => _writer.IsAway;

    public async Task<PipelineRun> WriteAsync(RunLogEntry entry, CancellationToken cancellationToken = default)
    {
        RunEntryRules.ThrowIfBroken(entry);
        var row = _formatter.FormatStrictly(entry, _queue.NewId());
        var createdAt = await _database.ExecuteAsync(
            static (connection, state, token) => state._table.WriteAsync(connection, state.row, token),
            (_table, row),
            cancellationToken).ConfigureAwait(false);
        RunLogState.CountDirect();
        return CommittedRow.Of(row, createdAt);
    }

    public void Enqueue(RunLogEntry entry)
    {
        RunEntryRules.ThrowIfBroken(entry);
        var row = default(HandedOverRow);
        _formatter.Copy(entry, ref row);
        HandOver(ref row);
    }

    public StageScope BeginStage(string runId, string stage, JsonNode? inputRefs = null, int attempt = 1)
    {
        RunEntryRules.ThrowIfBroken(runId, stage, attempt);
        return new StageScope(this, _timeProvider, runId, stage, attempt, _formatter.CopyRefs(inputRefs, nameof(inputRefs)));
    }

    public Task<T> RunStageAsync<T>(
        string runId, string stage, Func<StageScope, CancellationToken, Task<T>> body, StageOptions? options = null, CancellationToken cancellationToken = default)
    {
        RunEntryRules.ThrowIfBroken(runId, stage, attempt: 1);
        ArgumentNullException.ThrowIfNull(body);
        options ??= new StageOptions();
        StageRunner.ThrowIfOutOfRange(options);
        return new StageRunner(this, _timeProvider, options).RunAsync(runId, stage, body, cancellationToken);
    }

    public void Skip(string runId, string stage, JsonNode? inputRefs = null, JsonNode? outputRefs = null) =>
        Enqueue(new RunLogEntry(runId, stage, RunStatus.Skipped)
        {
            InputRefs = inputRefs,
            OutputRefs = outputRefs,
            Metrics = new StageMetrics { CacheHit = true },
        });

    public async Task<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        await _flushes.WaitAsync(Volatile.Read(ref _accepted), cancellationToken).ConfigureAwait(false);
        return new FlushResult(State.Written, Spooled: 0, State.Lost);
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

    /// <summary>Gets what copies a scope's content.</summary>
    internal RowFormatter Formatter => _formatter;

    /// <summary>Takes over a row whose content is copied.</summary>
    internal void HandOver(ref HandedOverRow row)
    {
        if (Volatile.Read(ref _isDisposed) != 0)
        {
            State.CountLost(1, "disposed");
        }
        else if (_queue.TryAdd(ref row))
        {
            _ = Interlocked.Increment(ref _accepted);
            _writer.Wake();
        }
        else
        {
            State.CountLost(1, "queue_full");
        }
    }

    private async Task StopAsync()
    {
        await _writer.StopAsync(_shutdownTimeout).ConfigureAwait(false);
        if (_queue.Close() is > 0 and var left)
        {
            State.CountLost(left, "shutdown");
        }

        _flushes.ReleaseAll();
        await _writer.DisposeAsync().ConfigureAwait(false);
    }
}
