namespace AiSystemSpec.Sdk.Runs.Queue;

/// <summary>Callers of <c>FlushAsync</c>, each waiting until so many rows were dealt with.</summary>
internal sealed class FlushWaiters
{
    /// <summary>Opens the gate for nobody.</summary>
    public const long Closed = -1;

    private readonly Lock _lock = new();
    private readonly List<(long Target, TaskCompletionSource Done)> _waiters = [];
    private long _reached;
    private bool _isHeld = true;
    private long _openUpTo = Closed;

    /// <summary>Gets how many rows were dealt with.</summary>
    public long Reached
    {
        get
        {
            lock (_lock)
            {
                return _reached;
            }
        }
    }

    public Task WaitAsync(long target, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (IsReached(target))
            {
                return Task.CompletedTask;
            }

            var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiters.Add((target, done));
            return done.Task.WaitAsync(cancellationToken);
        }
    }

    /// <summary>So many more rows were dealt with, in the order of their hand-over.</summary>
    /// <param name="count">How many.</param>
    /// <param name="isHeld">Whether rows of an earlier process, which come first, still wait.</param>
    public void Advance(long count, bool isHeld)
    {
        lock (_lock)
        {
            _reached += count;
            _isHeld = isHeld;
            Release();
        }
    }

    /// <summary>Opens the gate for so many of the rows that were handed over, so that nobody waits for what remains of them.</summary>
    public void OpenUpTo(long target)
    {
        lock (_lock)
        {
            _openUpTo = target;
            Release();
        }
    }

    private bool IsReached(long target) => target <= _openUpTo || (!_isHeld && _reached >= target);

    private void Release() => _waiters.RemoveAll(waiter => IsReached(waiter.Target) && waiter.Done.TrySetResult());
}
