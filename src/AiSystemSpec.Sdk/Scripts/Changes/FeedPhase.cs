namespace AiSystemSpec.Sdk.Scripts.Changes;

/// <summary>How a feed reads.</summary>
internal enum FeedPhase : byte
{
    /// <summary>What was there when the feed began, oldest first.</summary>
    Beginning = 1,

    /// <summary>What was committed since, by transaction id.</summary>
    Following = 2,

    /// <summary>By <c>created_at</c>, where transaction ids cannot be read.</summary>
    ByTime = 3,
}
