using System.Diagnostics;
using System.Text.Json.Nodes;
using AiSystemSpec.Sdk.Ambient;
using AiSystemSpec.Sdk.Diagnostics;
using AiSystemSpec.Sdk.Runs.Content;
using AiSystemSpec.Sdk.Runs.Formatting;
using AiSystemSpec.Sdk.Runs.Stages;

namespace AiSystemSpec.Sdk;

/// <summary>
/// One attempt at a stage, measured from its beginning; its row is handed over when it is disposed.
/// Disposed without <see cref="Complete"/> it is a failure. Safe for parallel callers.
/// </summary>
public sealed class StageScope : IStageUnderWay, IDisposable, IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly IStageUnderWay? _outer;
    private readonly IRowSink _sink;
    private readonly TimeProvider _timeProvider;
    private readonly byte[]? _inputRefs;
    private readonly Activity? _activity;
    private readonly long _startedAt;
    private readonly StageMeasures _measures;
    private TimeSpan? _duration;
    private RunStatus _status = RunStatus.Failure;
    private string? _errorSummary;
    private bool _isDisposed;

    internal StageScope(IRowSink sink, TimeProvider timeProvider, string runId, string stage, int attempt, byte[]? inputRefs)
    {
        _sink = sink;
        _timeProvider = timeProvider;
        _inputRefs = inputRefs;
        _measures = new StageMeasures(sink.Formatter);
        RunId = runId;
        Stage = stage;
        Attempt = attempt;
        _activity = StageActivity.Start(sink.Formatter, runId, stage, attempt);
        _outer = CurrentStage.Enter(this);
        _startedAt = timeProvider.GetTimestamp();
    }

    bool IStageUnderWay.HasEnded => _isDisposed;

    /// <summary>Gets the run's stable identifier.</summary>
    public string RunId { get; }

    /// <summary>Gets the stage's name.</summary>
    public string Stage { get; }

    /// <summary>Gets the attempt's number, from 1.</summary>
    public int Attempt { get; }

    /// <summary>Gets or sets whether the stage was served from a cache (<c>cache_hit</c>).</summary>
    /// <value><see langword="false"/> by default; it is written only once it was set.</value>
    public bool CacheHit
    {
        get
        {
            lock (_lock)
            {
                return _measures.CacheHit ?? false;
            }
        }

        set
        {
            lock (_lock)
            {
                _measures.CacheHit = value;
            }
        }
    }

    /// <summary>Gets or sets the references to outputs (artifact ids, URLs, …); copied when the scope is disposed.</summary>
    public JsonNode? OutputRefs { get; set; }

    /// <summary>Gets a snapshot of the metrics: the latency so far in milliseconds, and what was added and set.</summary>
    public StageMetrics Metrics
    {
        get
        {
            lock (_lock)
            {
                return _measures.ToMetrics(_duration ?? _timeProvider.GetElapsedTime(_startedAt));
            }
        }
    }

    /// <summary>Adds to the number of tokens used (<c>tokens</c>).</summary>
    /// <param name="tokens">How many more.</param>
    public void AddTokens(long tokens)
    {
        lock (_lock)
        {
            _measures.Tokens = (_measures.Tokens ?? 0) + tokens;
        }
    }

    /// <summary>Adds to the cost (<c>cost_usd</c>).</summary>
    /// <param name="usd">How much more, in US dollars.</param>
    public void AddCost(decimal usd)
    {
        lock (_lock)
        {
            _measures.CostUsd = (_measures.CostUsd ?? 0) + usd;
        }
    }

    /// <summary>Sets a further metric; copied at the call.</summary>
    /// <param name="key">The metric's key.</param>
    /// <param name="value">Its value; JSON null where null.</param>
    /// <exception cref="ArgumentException"><paramref name="key"/> is blank.</exception>
    public void Set(string key, JsonNode? value)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(key);
        lock (_lock)
        {
            _measures.Set(key, value);
        }
    }

    void IStageUnderWay.NoteCacheUse(bool isHit)
    {
        lock (_lock)
        {
            _measures.CacheHit = isHit && (_measures.CacheHit ?? true);
        }
    }

    /// <summary>Says that the attempt did its work, and ends its measurement.</summary>
    public void Complete() => End(RunStatus.Success, errorSummary: null, isCancelled: false);

    /// <summary>Says that the attempt failed, and ends its measurement.</summary>
    /// <param name="exception">
    /// Why; its type and message go into <c>error_summary</c>, secrets redacted. With an <see cref="OperationCanceledException"/> the
    /// stage was called off rather than broken, and its metrics say <c>cancelled</c>: true; one that holds a
    /// <see cref="TimeoutException"/> is a time limit, a failure like others.
    /// </param>
    public void Fail(Exception exception) => Fail(exception, CancellationToken.None);

    /// <summary>Hands the row over. A second call has no effect.</summary>
    public void Dispose()
    {
        HandedOverRow row;
        lock (_lock)
        {
            if (_isDisposed)
            {
                return;
            }

            _isDisposed = true;
            CurrentStage.Return(_outer);
            _duration ??= _timeProvider.GetElapsedTime(_startedAt);
            _errorSummary ??= _status == RunStatus.Failure ? "The stage's scope was disposed without Complete()." : null;
            row = ToRow(_duration.Value);
        }

        Report(_duration.Value);
        _sink.HandOver(row);
    }

    /// <summary>Hands the row over, as <see cref="Dispose"/> does; never waits.</summary>
    /// <returns>A completed task.</returns>
    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>
    /// Says that the attempt failed; with a cancelled token of the caller's also that it was called off, where a cancellation is behind
    /// the exception.
    /// </summary>
    internal void Fail(Exception exception, CancellationToken callersToken)
    {
        ArgumentNullException.ThrowIfNull(exception);
        End(RunStatus.Failure, ErrorSummaries.Of(exception), Cancellation.IsBehind(exception, callersToken));
    }

    /// <summary>Says of a failed attempt that the stage was called off before it was tried again.</summary>
    internal void NoteCancellation()
    {
        lock (_lock)
        {
            _measures.IsCancelled = true;
        }
    }

    /// <summary>Says that the attempt failed and is tried again.</summary>
    internal void Retry(Exception exception) => End(RunStatus.Retry, ErrorSummaries.Of(exception), isCancelled: false);

    /// <summary>Completes the attempt unless the body said already how it ended.</summary>
    internal void CompleteUnlessEnded()
    {
        lock (_lock)
        {
            if (_duration is not null)
            {
                return;
            }
        }

        Complete();
    }

    private void End(RunStatus status, string? errorSummary, bool isCancelled)
    {
        lock (_lock)
        {
            _status = status;
            _errorSummary = errorSummary;
            _measures.IsCancelled = isCancelled;
            _duration ??= _timeProvider.GetElapsedTime(_startedAt);
        }
    }

    private HandedOverRow ToRow(TimeSpan duration)
    {
        var metrics = _measures.ToMetrics(duration);
        return new HandedOverRow
        {
            RunId = SafeNames.Bound(RunId),
            Stage = SafeNames.Bound(Stage),
            Status = _status.Value,
            Attempts = Attempt,
            ErrorSummary = _errorSummary,
            InputRefs = _inputRefs,
            OutputRefs = _sink.Formatter.CopyRefs(OutputRefs, nameof(OutputRefs)),
            Metrics = RowFormatter.PlainOf(metrics),
            MetricsJson = _sink.Formatter.CopyFurther(metrics),
        };
    }

    private void Report(TimeSpan duration)
    {
        StageActivity.End(_sink.Formatter, _activity, _status, _errorSummary);
        if (RunInstruments.HasStageListeners)
        {
            _sink.Instruments.RecordStage(_sink.Formatter.NameOf(Stage), _status, duration);
        }
    }
}
