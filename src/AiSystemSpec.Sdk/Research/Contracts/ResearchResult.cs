namespace AiSystemSpec.Sdk;

/// <summary>What <see cref="IResearchCache.GetOrResearchAsync"/> returns: the entry, and how it was come by.</summary>
public sealed record ResearchResult
{
    /// <summary>
    /// Gets the entry. One that was not stored has an empty <see cref="ResearchEntry.Id"/> and no <see cref="ResearchEntry.CreatedAt"/>.
    /// </summary>
    public ResearchEntry Entry { get; init; } = null!;

    /// <summary>Gets how the entry was come by.</summary>
    public ResearchOutcome Outcome { get; init; }

    /// <summary>Gets why the first look did not find it; <see cref="MissReason.None"/> for a hit.</summary>
    public MissReason MissReason { get; init; }

    /// <summary>Gets the entry's age on the database's clock when it was read; zero for one that was just researched.</summary>
    public TimeSpan Age { get; init; }

    /// <summary>Gets whether the entry stands in the database.</summary>
    public bool Saved { get; init; }

    /// <summary>Gets the error of the research that failed, where a stale entry was served instead.</summary>
    public Exception? RefreshError { get; init; }

    /// <summary>Gets the error of the write that failed; the entry was researched all the same and is returned.</summary>
    public Exception? SaveError { get; init; }
}
