using AiSystemSpec.Sdk.Diagnostics;
using AiSystemSpec.Sdk.Runs.Formatting;
using AiSystemSpec.Sdk.Runs.Queue;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace AiSystemSpec.Sdk.Runs.Writing;

/// <summary>
/// The one writer of background rows. It takes what waits as soon as it is free, so that batches are as large as the load makes them,
/// and repeats a batch until each of its rows is written or set aside.
/// </summary>
internal sealed class BackgroundWriter : IAsyncDisposable
{
    private readonly IRowQueue _queue;
    private readonly BatchWriter _batches;
    private readonly BatchWindow _window;
    private readonly FlushWaiters _flushes;
    private readonly RunLogState _state;
    private readonly Func<long> _accepted;
    private readonly TimeProvider _timeProvider;
    private readonly ILogger _logger;
    private readonly WakeSignal _wake = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _completing = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly WriterPauses _pauses;
    private readonly ShutdownRules _shutdown;
    private readonly Task _loop;
    private volatile bool _isReading;
    private long _steps;

    /// <param name="queue">Where rows wait.</param>
    /// <param name="batches">Writes them.</param>
    /// <param name="flushes">Who waits for them.</param>
    /// <param name="state">Where it is told what became of them.</param>
    /// <param name="accepted">How many rows were handed over.</param>
    /// <param name="timeProvider">The clock of the pauses.</param>
    /// <param name="logger">The log.</param>
    public BackgroundWriter(
        IRowQueue queue, BatchWriter batches, FlushWaiters flushes, RunLogState state, Func<long> accepted, TimeProvider timeProvider, ILogger logger)
    {
        _queue = queue;
        _batches = batches;
        _window = new BatchWindow(queue);
        _flushes = flushes;
        _state = state;
        _accepted = accepted;
        _timeProvider = timeProvider;
        _logger = logger;
        _pauses = new WriterPauses(timeProvider);
        _shutdown = new ShutdownRules(timeProvider);
        using (ExecutionContext.SuppressFlow()) // the first caller's activity and transaction are not the writer's
        {
            _loop = Task.Run(RunAsync);
        }
    }

    /// <summary>Gets how many rows are written or set aside, and still counted among those that wait: on disk, and in memory.</summary>
    public (int OnDisk, int InMemory) DealtWith => _window.DealtWith;

    /// <summary>Gets the rows that were read and are not released, once the writer has ended.</summary>
    public IReadOnlyList<StoredRow> Unreleased => _window.Rows;

    /// <summary>
    /// Gets whether it is not the database that is waited for: it has answered in the attempt that is under way, or the disk is read.
    /// </summary>
    public bool IsBusy => _batches.IsAnswering || _isReading;

    /// <summary>Gets how often the writer got on: the database was asked which it is, or rows were read.</summary>
    public long Steps => Volatile.Read(ref _steps);

    private bool IsCompleting => _completing.Task.IsCompleted;

    /// <summary>Gets whether what waits survives the process: all of it is on disk.</summary>
    private bool IsSafe => _queue.IsDurable && _queue.Waiting <= _queue.Spooled;

    public void Wake() => _wake.Set();

    /// <summary>
    /// Lets the writer end when nothing waits any more, or what waits cannot be written, and stops it after the time given.
    /// </summary>
    public async Task StopAsync(TimeSpan timeout)
    {
        timeout = ShutdownRules.Clamp(timeout);
        _shutdown.Begin(timeout);
        _ = _completing.TrySetResult();
        _wake.Set();
        timeout = IsSafe && _state.Problem == RunLogProblem.Unreachable ? TimeSpan.Zero : timeout;
        try
        {
            await _loop.WaitAsync(timeout, _timeProvider).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            await _stop.CancelAsync().ConfigureAwait(false);
            await _loop.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync(TimeSpan.Zero).ConfigureAwait(false);
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        try
        {
            while (await WriteNextAsync().ConfigureAwait(false))
            {
            }
        }
        catch (Exception) when (_stop.IsCancellationRequested)
        {
            // What still waits is counted, or kept, by whoever stopped the writer.
        }

        _window.Count();
    }

    /// <summary>Writes what waits, or waits for something to write.</summary>
    /// <returns>Whether to go on.</returns>
    private async Task<bool> WriteNextAsync()
    {
        var isCompleting = IsCompleting; // before the look: what was handed over before the end is found in one that began after it
        var accepted = _accepted();
        BatchResult result;
        try
        {
            await _queue.PrepareAsync(_stop.Token).ConfigureAwait(false);
            _ = Interlocked.Increment(ref _steps);
            var rows = Read();
            if (rows.Count == 0 && !_window.IsDone)
            {
                Report(default, accepted);
                _flushes.Advance(_window.Release(), _queue.HasEarlierRows); // rows that turned out to be missing from the disk are dealt with, too
                await (isCompleting ? Task.CompletedTask : _wake.WaitAsync(_stop.Token)).ConfigureAwait(false);
                return !isCompleting;
            }

            result = rows.Count == 0 ? default : await _batches.WriteAsync(rows, _stop.Token).ConfigureAwait(false);
            _window.Count();
            if (isCompleting && ShutdownRules.IsOnItsOwn(result, rows, _window.IsAll))
            {
                _batches.GiveUp(rows.Single(row => !row.IsDone), result.Exception!);
            }

            if (_window.IsDone)
            {
                var own = _window.Release();
                Report(default, accepted);
                _flushes.Advance(own, _queue.HasEarlierRows);
                return true;
            }
        }
        catch (Exception exception) when (!_stop.IsCancellationRequested)
        {
            result = new BatchResult(exception is NpgsqlException ? RunLogProblem.Unreachable : RunLogProblem.Failing, exception);
        }

        return await GoOnAsync(result, accepted, isCompleting).ConfigureAwait(false);
    }

    private IReadOnlyList<StoredRow> Read()
    {
        _isReading = true;
        try
        {
            return _window.Read();
        }
        finally
        {
            _ = Interlocked.Increment(ref _steps);
            _isReading = false;
        }
    }

    /// <summary>Rows are left: they wait for the next attempt.</summary>
    private async Task<bool> GoOnAsync(BatchResult result, long accepted, bool isCompleting)
    {
        Report(result, accepted);
        if (result.Problem == RunLogProblem.Refused)
        {
            _window.Widen();
        }

        var isStuck = result.Problem != RunLogProblem.None || !result.HasProgress;
        if (isCompleting && ((IsSafe && isStuck) || _shutdown.IsOver(result, _batches.HasAnswered)))
        {
            return false;
        }

        await _pauses.WaitAsync(result, isCompleting ? null : _completing.Task, result.WantsNeighbour ? _wake : null, _stop.Token).ConfigureAwait(false);
        return true;
    }

    private void Report(BatchResult result, long accepted)
    {
        var before = _state.Note(result.Problem, result.Exception);
        if (result.Problem == RunLogProblem.None)
        {
            if (before != RunLogProblem.None)
            {
                _shutdown.Ended();
                _pauses.Reset();
                Log.RunLogBack(_logger);
                _flushes.OpenUpTo(FlushWaiters.Closed);
            }

            return;
        }

        if (before == RunLogProblem.None)
        {
            _shutdown.Began();
        }

        if (before != result.Problem)
        {
            LogProblem(result);
        }

        if (_queue.IsDurable) // the rows are safe: nobody waits for what may last
        {
            _flushes.OpenUpTo(result.Problem == RunLogProblem.Unreachable ? long.MaxValue : accepted);
        }
    }

    private void LogProblem(BatchResult result)
    {
        var waiting = _queue.Waiting - DealtWith.OnDisk - DealtWith.InMemory;
        switch (result.Problem)
        {
            case RunLogProblem.Unreachable:
                Log.RunLogAway(_logger, result.Exception!, waiting);
                break;
            case RunLogProblem.Refused:
                Log.RunLogRefused(_logger, result.Exception!, waiting);
                break;
            default:
                _state.Instruments.CountError(result.Exception!);
                Log.RunLogFailed(_logger, result.Exception!, waiting);
                break;
        }
    }
}
