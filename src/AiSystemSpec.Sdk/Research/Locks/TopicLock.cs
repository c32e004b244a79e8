namespace AiSystemSpec.Sdk.Research.Locks;

/// <summary>A lock of one topic that this process holds, for one of its researches.</summary>
internal sealed class TopicLock(TopicLocks locks, long key, object holder)
{
    public long Key => key;

    public object Holder => holder;

    /// <summary>Gets whether the lock was lost before it was released: someone else may research the topic too.</summary>
    public bool IsLost { get; private set; }

    public void MarkLost() => IsLost = true;

    public Task ReleaseAsync() => locks.ReleaseAsync(this);
}
