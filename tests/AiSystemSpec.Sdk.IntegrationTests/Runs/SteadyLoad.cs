using System.Diagnostics;

namespace AiSystemSpec.Sdk.IntegrationTests.Runs;

/// <summary>
/// A pipeline that hands over rows of one run at a steady rate on a thread of its own, and measures how long each call takes.
/// </summary>
internal sealed class SteadyLoad(IRunLogger logger, string run, int rowsPerSecond)
{
    private readonly List<TimeSpan> _calls = new(1_000_000);
    private readonly CancellationTokenSource _stop = new();
    private Exception? _failure;
    private Thread? _thread;

    /// <summary>How many calls have returned.</summary>
    public int Returned => _calls.Count;

    public void Start()
    {
        _thread = new Thread(Run) { IsBackground = true };
        _thread.Start();
    }

    /// <summary>Ends the load; throws what a call threw.</summary>
    public void Stop()
    {
        _stop.Cancel();
        _thread!.Join();
        _stop.Dispose();
        Assert.Null(_failure);
    }

    /// <summary>How long a call took, at one of the quantiles from 0 to 1.</summary>
    public TimeSpan Quantile(double quantile) => _calls.Order().ElementAt((int)Math.Min(_calls.Count - 1, quantile * _calls.Count));

    private void Run()
    {
        try
        {
            var began = Stopwatch.GetTimestamp();
            while (!_stop.IsCancellationRequested)
            {
                if (_calls.Count >= Stopwatch.GetElapsedTime(began).TotalSeconds * rowsPerSecond)
                {
                    Thread.Sleep(1);
                    continue;
                }

                var entry = new RunLogEntry(run, "load", RunStatus.Success) { Attempts = _calls.Count + 1, Metrics = new StageMetrics { LatencyMs = 5, Tokens = 7, CacheHit = false } };
                var before = Stopwatch.GetTimestamp();
                logger.Enqueue(entry);
                _calls.Add(Stopwatch.GetElapsedTime(before));
            }
        }
        catch (Exception exception)
        {
            _failure = exception;
        }
    }
}
