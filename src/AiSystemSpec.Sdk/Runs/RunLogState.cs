using AiSystemSpec.Sdk.Diagnostics;
using Microsoft.Extensions.Logging;

namespace AiSystemSpec.Sdk.Runs;

/// <summary>What became of the rows that were handed over: read by <c>FlushAsync</c>, the metrics and the health check.</summary>
internal sealed class RunLogState(ILogger logger, TimeProvider timeProvider)
{
    /// <summary>How long a loss shows in the health check, and how long without one ends a burst.</summary>
    public static readonly TimeSpan LossShowsFor = TimeSpan.FromMinutes(1);

    private long _written;
    private long _lost;
    private long _lastLoss;

    public long Written => Volatile.Read(ref _written);

    public long Lost => Volatile.Read(ref _lost);

    /// <summary>Gets whether rows were lost within <see cref="LossShowsFor"/>.</summary>
    public bool HasLostLately => IsLately(Volatile.Read(ref _lastLoss));

    public void CountWritten(int rows)
    {
        _ = Interlocked.Add(ref _written, rows);
        RunInstruments.Written.Add(rows);
    }

    /// <summary>Counts a row that was not handed over but written directly.</summary>
    public static void CountDirect() => RunInstruments.Written.Add(1);

    /// <summary>Counts lost rows, and says so once for each burst.</summary>
    public void CountLost(int rows, string reason)
    {
        var lost = Interlocked.Add(ref _lost, rows);
        RunInstruments.CountLost(rows, reason);
        var now = Math.Max(1, timeProvider.GetTimestamp());
        if (!IsLately(Interlocked.Exchange(ref _lastLoss, now)))
        {
            Log.RunRowsLost(logger, reason, lost);
        }
    }

    private bool IsLately(long lastLoss) => lastLoss != 0 && timeProvider.GetElapsedTime(lastLoss) < LossShowsFor;
}
