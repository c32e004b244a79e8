using AiSystemSpec.Sdk.Diagnostics;
using Microsoft.Extensions.Logging;

namespace AiSystemSpec.Sdk.Runs.Queue;

/// <summary>
/// What became of the rows that were handed over, and why some wait: read by <c>FlushAsync</c>, the metrics and the health check.
/// </summary>
internal sealed class RunLogState(ILogger logger, TimeProvider timeProvider, RunInstruments instruments)
{
    /// <summary>How long a loss shows in the health check, and how long without one ends a burst.</summary>
    public static readonly TimeSpan LossShowsFor = TimeSpan.FromMinutes(1);

    private long _written;
    private long _setAside;
    private long _lost;
    private long _lastLoss;
    private long _arrivals;
    private volatile Cause _cause = new(RunLogProblem.None, Exception: null);

    /// <summary>Gets where it is told, too.</summary>
    public RunInstruments Instruments => instruments;

    public long Written => Volatile.Read(ref _written);

    public long SetAside => Volatile.Read(ref _setAside);

    public long Lost => Volatile.Read(ref _lost);

    /// <summary>
    /// Gets how often rows went into the table, in the background or directly. That it has grown since a row failed is what tells a row's
    /// own fault from one that would meet every row.
    /// </summary>
    public long Arrivals => Volatile.Read(ref _arrivals);

    /// <summary>Gets why rows wait.</summary>
    public RunLogProblem Problem => _cause.Problem;

    /// <summary>Gets the error behind <see cref="Problem"/>.</summary>
    public Exception? Error => _cause.Exception;

    /// <summary>
    /// Gets or sets how many folders in the spool directory wait for an operator: another database's, another version's, or not readable.
    /// </summary>
    public int SpoolFoldersLeftAlone { get; set; }

    /// <summary>Gets whether rows were lost within <see cref="LossShowsFor"/>.</summary>
    public bool HasLostLately => IsLately(Volatile.Read(ref _lastLoss));

    /// <summary>Remembers why rows wait.</summary>
    /// <returns>What it was before.</returns>
    public RunLogProblem Note(RunLogProblem problem, Exception? exception)
    {
        var before = _cause.Problem;
        if (before != RunLogProblem.None || problem != RunLogProblem.None)
        {
            _cause = new Cause(problem, exception);
        }

        return before;
    }

    public void CountWritten(int rows)
    {
        _ = Interlocked.Increment(ref _arrivals);
        _ = Interlocked.Add(ref _written, rows);
        instruments.CountWritten(rows);
    }

    /// <summary>Counts a row that was not handed over but written directly.</summary>
    public void CountDirect()
    {
        _ = Interlocked.Increment(ref _arrivals);
        instruments.CountWritten(1);
    }

    /// <summary>Counts a row that the database refused, and a file keeps.</summary>
    public void CountSetAside()
    {
        _ = Interlocked.Increment(ref _setAside);
        instruments.CountSetAside();
    }

    /// <summary>Counts a row that the database refused, and a file is to keep.</summary>
    public void CountKept() => Interlocked.Increment(ref _setAside);

    /// <summary>The file has it.</summary>
    public void CountKeptInFile() => instruments.CountSetAside();

    /// <summary>No file took these after all.</summary>
    public void CountKeptLost(int rows)
    {
        _ = Interlocked.Add(ref _setAside, -rows);
        CountLost(rows, "refused");
    }

    /// <summary>Counts lost rows, and says so once for each burst.</summary>
    public void CountLost(int rows, string reason)
    {
        var lost = Interlocked.Add(ref _lost, rows);
        instruments.CountLost(rows, reason);
        var now = Math.Max(1, timeProvider.GetTimestamp());
        if (!IsLately(Interlocked.Exchange(ref _lastLoss, now)))
        {
            Log.RunRowsLost(logger, reason, lost);
        }
    }

    private bool IsLately(long lastLoss) => lastLoss != 0 && timeProvider.GetElapsedTime(lastLoss) < LossShowsFor;

    private sealed record Cause(RunLogProblem Problem, Exception? Exception);
}
