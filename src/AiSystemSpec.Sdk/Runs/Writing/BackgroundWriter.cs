using AiSystemSpec.Sdk.Diagnostics;
using AiSystemSpec.Sdk.Runs.Queue;
using Microsoft.Extensions.Logging;

namespace AiSystemSpec.Sdk.Runs.Writing;

/// <summary>
/// The one writer of background rows. It takes what waits as soon as it is free, so that batches are as large as the load makes them,
/// and repeats a batch until the database takes it.
/// </summary>
internal sealed class BackgroundWriter : IAsyncDisposable
{
    private const int MaxBatch = 5_000;
    private const long MaxBatchBytes = 4L << 20; // rows are formatted for each batch: this bounds the memory that they take

    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(2);

    private readonly IRowQueue _queue;
    private readonly BatchWriter _batches;
    private readonly FlushWaiters _flushes;
    private readonly TimeProvider _timeProvider;
    private readonly ILogger _logger;
    private readonly WakeSignal _wake = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _loop;
    private volatile bool _isCompleting;
    private int _failures;

    public BackgroundWriter(IRowQueue queue, BatchWriter batches, FlushWaiters flushes, TimeProvider timeProvider, ILogger logger)
    {
        _queue = queue;
        _batches = batches;
        _flushes = flushes;
        _timeProvider = timeProvider;
        _logger = logger;
        using (ExecutionContext.SuppressFlow()) // the first caller's activity and transaction are not the writer's
        {
            _loop = Task.Run(RunAsync);
        }
    }

    /// <summary>Gets whether the last attempt at writing failed.</summary>
    public bool IsAway => Volatile.Read(ref _failures) > 0;

    public void Wake() => _wake.Set();

    /// <summary>Lets the writer end when nothing waits any more, and stops it after the time given.</summary>
    public async Task StopAsync(TimeSpan timeout)
    {
        _isCompleting = true;
        _wake.Set();
        timeout = _queue.IsDurable && IsAway ? TimeSpan.Zero : timeout;
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
        _wake.Dispose();
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
    }

    /// <summary>Writes what waits, or waits for something to write.</summary>
    /// <returns>Whether to go on.</returns>
    private async Task<bool> WriteNextAsync()
    {
        var isCompleting = _isCompleting; // before the look: what was handed over before the end is found in one that began after it
        try
        {
            await _queue.PrepareAsync(_stop.Token).ConfigureAwait(false);
            var rows = _queue.Peek(MaxBatch, MaxBatchBytes);
            if (rows.Count > 0)
            {
                if (!await WriteUntilTakenAsync(rows).ConfigureAwait(false))
                {
                    return false;
                }

                var own = _queue.Release();
                _flushes.Advance(own, _queue.HasEarlierRows);
                return true;
            }

            _flushes.Advance(0, _queue.HasEarlierRows);
        }
        catch (Exception exception) when (!_stop.IsCancellationRequested)
        {
            ReportAway(exception); // the spool cannot be read now: the rows stay there
            await Task.Delay(NextDelay(), _timeProvider, _stop.Token).ConfigureAwait(false);
            return !isCompleting;
        }

        if (!isCompleting)
        {
            await _wake.WaitAsync(_stop.Token).ConfigureAwait(false);
        }

        return !isCompleting;
    }

    /// <summary>Repeats the batch until the database takes it.</summary>
    /// <returns>False where the writer ends first, and the rows are safe where they are.</returns>
    private async Task<bool> WriteUntilTakenAsync(IReadOnlyList<StoredRow> rows)
    {
        while (true)
        {
            try
            {
                await _batches.WriteAsync(rows, _stop.Token).ConfigureAwait(false);
                ReportBack();
                return true;
            }
            catch (Exception exception) when (!_stop.IsCancellationRequested)
            {
                // Whatever it is, the pipeline goes on, and the rows wait: the log, the metric of waiting rows and the health check show it.
                ReportAway(exception);
            }

            if (_isCompleting && _queue.IsDurable)
            {
                return false; // nobody waits for an absent database at the end
            }

            await Task.Delay(NextDelay(), _timeProvider, _stop.Token).ConfigureAwait(false);
            rows = [.. rows.Where(row => !row.IsDone)];
        }
    }

    private TimeSpan NextDelay()
    {
        var delay = Math.Min(LongestDelay.TotalMilliseconds, FirstDelay.TotalMilliseconds * Math.Pow(2, Math.Min(_failures, 16) - 1));
        return TimeSpan.FromMilliseconds(delay * (0.75 + (0.5 * Random.Shared.NextDouble())));
    }

    private void ReportAway(Exception exception)
    {
        if (Interlocked.Increment(ref _failures) == 1)
        {
            Log.RunLogAway(_logger, exception, _queue.Waiting);
            _flushes.SetOpen(_queue.IsDurable);
        }
    }

    private void ReportBack()
    {
        if (Interlocked.Exchange(ref _failures, 0) > 0)
        {
            Log.RunLogBack(_logger);
            _flushes.SetOpen(false);
        }
    }
}
