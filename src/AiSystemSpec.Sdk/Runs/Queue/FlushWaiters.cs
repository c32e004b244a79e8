namespace AiSystemSpec.Sdk.Runs.Queue;

/// <summary>Callers of <c>FlushAsync</c>, each waiting until so many rows were dealt with.</summary>
internal sealed class FlushWaiters
{
    private readonly Lock _lock = new();
    private readonly List<(long Target, TaskCompletionSource Done)> _waiters = [];
    private long _reached;

    public Task WaitAsync(long target, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_reached >= target)
            {
                return Task.CompletedTask;
            }

            var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiters.Add((target, done));
            return done.Task.WaitAsync(cancellationToken);
        }
    }

    /// <summary>So many more rows were dealt with, in the order of their hand-over.</summary>
    public void Advance(long count)
    {
        lock (_lock)
        {
            _reached += count;
            Release(waiter => waiter.Target <= _reached);
        }
    }

    /// <summary>Nobody shall wait for what remains.</summary>
    public void ReleaseAll()
    {
        lock (_lock)
        {
            Release(_ => true);
        }
    }

    private void Release(Predicate<(long Target, TaskCompletionSource Done)> isReached) =>
        _waiters.RemoveAll(waiter => isReached(waiter) && waiter.Done.TrySetResult());
}
