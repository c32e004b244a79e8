namespace AiSystemSpec.Sdk.Scripts.Changes;

/// <summary>What a look at the server tells before anything is read.</summary>
internal sealed record FeedLook
{
    /// <summary>Gets the snapshot, without keys.</summary>
    public required KeyPage Page { get; init; }

    /// <summary>Gets whether rows have the ids of transactions as PostgreSQL means them.</summary>
    public required bool IsHeap { get; init; }

    /// <summary>Gets whether <c>created_at</c> has no time zone.</summary>
    public required bool IsLocal { get; init; }

    /// <summary>Gets whether an index leads to the newest scripts.</summary>
    public required bool IsIndexed { get; init; }
}
