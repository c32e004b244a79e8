using System.Diagnostics;

namespace AiSystemSpec.Sdk.TestHost.Loads;

/// <summary>One caller that does one thing after the other, and how long the longest took.</summary>
internal sealed class Pauses
{
    private long _longest;

    public long Count { get; private set; }

    public async Task RepeatAsync(Func<int, Task> work, CancellationToken stop)
    {
        for (var i = 0; !stop.IsCancellationRequested; i++)
        {
            var began = Stopwatch.GetTimestamp();
            await work(i).ConfigureAwait(false);
            Count++;
            Note(Stopwatch.GetTimestamp() - began);
            await Task.Delay(2, CancellationToken.None).ConfigureAwait(false);
        }
    }

    public TimeSpan TakeLongest() => Stopwatch.GetElapsedTime(0, Interlocked.Exchange(ref _longest, 0));

    private void Note(long pause)
    {
        var seen = Volatile.Read(ref _longest);
        while (pause > seen && Interlocked.CompareExchange(ref _longest, pause, seen) != seen)
        {
            seen = Volatile.Read(ref _longest);
        }
    }
}
