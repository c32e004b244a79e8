using AiSystemSpec.Sdk.Time;

namespace AiSystemSpec.Sdk.Scripts.Changes;

/// <summary>How long a watch waits before it looks again: longer each time, until something is found.</summary>
internal sealed class WatchPauses(ScriptWatchOptions options, SaveSignal saves, TimeProvider timeProvider)
{
    // However fast this process saves, a watch of it looks no more often.
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(50);

    private TimeSpan _next = options.MinPoll;
    private Task _saved = Task.CompletedTask;

    /// <summary>Is called before a look: what is saved while it runs ends the pause behind it.</summary>
    public void Begin() => _saved = saves.Next;

    public async Task WaitAsync(bool isFound, TimeSpan? atMost, CancellationToken cancellationToken)
    {
        _next = isFound ? options.MinPoll : _next;
        var pause = atMost < _next ? atMost.Value : _next;
        var shortest = pause < Shortest ? pause : Shortest;
        using var cut = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await timeProvider.Delay(shortest, cut.Token).ConfigureAwait(false);
        _ = await Task.WhenAny(_saved, timeProvider.Delay(Max(Jittered(pause) - shortest, TimeSpan.Zero), cut.Token)).ConfigureAwait(false);
        await cut.CancelAsync().ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        _next = _saved.IsCompleted ? options.MinPoll : Min(_next * 2, options.MaxPoll);
    }

    private static TimeSpan Jittered(TimeSpan pause) => pause * (0.9 + (0.1 * Random.Shared.NextDouble())); // many watches do not look at once

    private static TimeSpan Min(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private static TimeSpan Max(TimeSpan one, TimeSpan other) => one > other ? one : other;
}
