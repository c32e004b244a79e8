namespace AiSystemSpec.Sdk.Research.Locks;

/// <summary>A lock of one topic that this process holds.</summary>
internal sealed class TopicLock(TopicLocks locks, long key)
{
    public long Key => key;

    /// <summary>Gets whether the lock was lost before it was released: someone else may research the topic too.</summary>
    public bool IsLost { get; private set; }

    public void MarkLost() => IsLost = true;

    public Task ReleaseAsync() => locks.ReleaseAsync(this);
}
