using AiSystemSpec.Sdk.Runs.Queue;

namespace AiSystemSpec.Sdk.Runs.Writing;

/// <summary>How long the writer waits before it tries again: longer each time, until something goes in.</summary>
internal sealed class WriterPauses(TimeProvider timeProvider)
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(2);

    private int _inVain;

    public void Reset() => _inVain = 0;

    /// <summary>Waits; the end of the process cuts the wait short, and so does a new row where it would tell whose fault it is.</summary>
    public async Task WaitAsync(BatchResult result, Task? completing, WakeSignal? wake, CancellationToken cancellationToken)
    {
        _inVain = result.HasProgress ? 1 : _inVain + 1;
        using var cut = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var first = Task.Delay(First, timeProvider, cut.Token); // however many rows come: at most so often
        _ = await Task.WhenAny(completing is null ? [first] : [first, completing]).ConfigureAwait(false);
        List<Task> waits = [Task.Delay(NextDelay() - First, timeProvider, cut.Token)];
        waits.AddRange(new[] { completing, wake?.WaitAsync(cut.Token) }.OfType<Task>());
        _ = await Task.WhenAny(waits).ConfigureAwait(false);
        await cut.CancelAsync().ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
    }

    private TimeSpan NextDelay()
    {
        var delay = Math.Min(Longest.TotalMilliseconds, First.TotalMilliseconds * Math.Pow(2, Math.Min(_inVain, 16) - 1));
        return TimeSpan.FromMilliseconds(Math.Max(First.TotalMilliseconds, delay * (0.75 + (0.5 * Random.Shared.NextDouble()))));
    }
}
