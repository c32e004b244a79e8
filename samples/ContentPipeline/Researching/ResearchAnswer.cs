namespace ContentPipeline.Researching;

/// <summary>What a researcher found, and what it took.</summary>
/// <param name="Text">The research, for the cache.</param>
/// <param name="Tokens">The tokens used; null where they are not known.</param>
/// <param name="CostUsd">The cost; null where it is not known.</param>
internal sealed record ResearchAnswer(string Text, long? Tokens, decimal? CostUsd);
