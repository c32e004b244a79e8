using AiSystemSpec.Sdk.Diagnostics;
using AiSystemSpec.Sdk.Time;

namespace AiSystemSpec.Sdk.Research.Flights;

/// <summary>Time within the process, and the mean duration of its researches, from which a hit's saving is estimated.</summary>
internal sealed class ResearchClock(TimeProvider timeProvider, ResearchInstruments instruments)
{
    private const double WeightOfLatest = 0.2;

    private double _meanSeconds;

    public long Timestamp => timeProvider.GetTimestamp();

    /// <summary>Gets what one research takes, in seconds; zero until one was measured.</summary>
    public double MeanSeconds => Volatile.Read(ref _meanSeconds);

    public TimeSpan Elapsed(long since) => timeProvider.GetElapsedTime(since);

    public Task DelayAsync(TimeSpan delay, CancellationToken cancellationToken) => timeProvider.Delay(delay, cancellationToken);

    /// <summary>Waits about as long as asked, so that the waiters of several processes do not march in step.</summary>
    public Task PauseAsync(TimeSpan pause, CancellationToken cancellationToken) =>
        timeProvider.Delay(pause * (0.75 + (Random.Shared.NextDouble() / 2)), cancellationToken);

    /// <summary>Waits for a task's end, however it ends, within a limit.</summary>
    public async Task WaitForEndAsync(Task task, TimeSpan limit, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _ = await Task.WhenAny(task, DelayAsync(limit, stop.Token)).ConfigureAwait(false);
        await stop.CancelAsync().ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
    }

    public void Measured(TimeSpan duration)
    {
        instruments.RecordResearch(duration);
        var mean = MeanSeconds;
        Volatile.Write(ref _meanSeconds, mean == 0 ? duration.TotalSeconds : mean + (WeightOfLatest * (duration.TotalSeconds - mean)));
    }
}
