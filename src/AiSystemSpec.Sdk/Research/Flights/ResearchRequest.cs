using AiSystemSpec.Sdk.Research.Table;
namespace AiSystemSpec.Sdk.Research.Flights;

/// <summary>What one caller asked for, and what it saw at its first look.</summary>
internal sealed record ResearchRequest(
    string Topic,
    Func<ResearchContext, CancellationToken, Task<string>> Research,
    ResearchPolicy Policy,
    Observation? Seen,
    long AskedAt)
{
    /// <summary>
    /// Gets since when the caller waits for the research of others. Not since it asked: after a slow lookup, all callers would have
    /// waited enough and each would research.
    /// </summary>
    public required long WaitsSince { get; init; }

    /// <summary>Gets whether the caller was served already, and only the entry's next version is made in good time.</summary>
    public bool IsEager { get; init; }

    /// <summary>Whether an entry that another process stored meanwhile makes the research unnecessary.</summary>
    public bool IsSatisfiedBy(Observation seen) =>
        Policy.MissReasonOf(seen) == MissReason.None && !(IsEager && Policy.WantsEagerRefresh(seen));
}
