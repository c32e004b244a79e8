namespace AiSystemSpec.Sdk;

/// <summary>An entry whose topic is like the one that was asked for.</summary>
/// <param name="Entry">The topic's newest entry.</param>
/// <param name="Similarity">The similarity of the topics, from 0 to 1 (the same trigrams).</param>
public sealed record SimilarResearch(ResearchEntry Entry, double Similarity);
