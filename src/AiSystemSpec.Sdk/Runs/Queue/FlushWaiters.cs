namespace AiSystemSpec.Sdk.Runs.Queue;

/// <summary>Callers of <c>FlushAsync</c>, each waiting until so many rows were dealt with.</summary>
internal sealed class FlushWaiters
{
    private readonly Lock _lock = new();
    private readonly List<(long Target, TaskCompletionSource Done)> _waiters = [];
    private long _reached;
    private bool _isHeld = true;
    private bool _isOpen;

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

    /// <summary>Opens the gate, so that nobody waits for what remains, or closes it again.</summary>
    public void SetOpen(bool isOpen)
    {
        lock (_lock)
        {
            _isOpen = isOpen;
            Release();
        }
    }

    private bool IsReached(long target) => _isOpen || (!_isHeld && _reached >= target);

    private void Release() => _waiters.RemoveAll(waiter => IsReached(waiter.Target) && waiter.Done.TrySetResult());
}
