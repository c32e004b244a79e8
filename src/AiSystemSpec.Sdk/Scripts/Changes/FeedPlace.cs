using AiSystemSpec.Sdk.Paging;

namespace AiSystemSpec.Sdk.Scripts.Changes;

/// <summary>How far a feed has come. With the transactions that it has seen beyond, it is what a cursor holds.</summary>
internal sealed record FeedPlace
{
    public required FeedOrigin Origin { get; init; }

    public required FeedPhase Phase { get; init; }

    /// <summary>
    /// Gets the oldest transaction that was open when the present pass began: whatever became visible since is of this one or a later.
    /// At the beginning: the rows of earlier transactions are those to begin with.
    /// </summary>
    public long Xmin { get; init; }

    /// <summary>Gets what the server's snapshot was when the present pass began; while it is the same, nothing was committed.</summary>
    public long Snapshot { get; init; }

    /// <summary>Gets how far the present pass has come; null between two passes.</summary>
    public XidPosition? At { get; init; }

    /// <summary>Gets how far reading by time has come.</summary>
    public KeysetPosition? After { get; init; }
}
