namespace AiSystemSpec.Sdk;

/// <summary>An entry whose topic is like the one that was asked for.</summary>
public sealed record SimilarResearch
{
    /// <summary>Gets the topic's newest entry.</summary>
    public required ResearchEntry Entry { get; init; }

    /// <summary>Gets the similarity of the topics, from 0 to 1 (the same trigrams).</summary>
    public required double Similarity { get; init; }
}
