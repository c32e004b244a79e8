namespace AiSystemSpec.Sdk;

/// <summary>What <see cref="IResearchSearch.FindSimilarAsync"/> takes for alike, and how much of it it returns.</summary>
public sealed record SimilarityOptions
{
    /// <summary>The default of <see cref="MinSimilarity"/>: 0.3.</summary>
    public const double DefaultMinSimilarity = 0.3;

    /// <summary>The default of <see cref="Limit"/>: 10.</summary>
    public const int DefaultLimit = 10;

    /// <summary>Gets the least similarity of the trigrams, more than 0 up to 1.</summary>
    /// <value>0.3 by default.</value>
    public double MinSimilarity { get; init; } = DefaultMinSimilarity;

    /// <summary>Gets how old an entry may be, more than zero.</summary>
    /// <value><see cref="AiSystemSpecOptions.MaxAge"/> (7 days by default) where null.</value>
    public TimeSpan? MaxAge { get; init; }

    /// <summary>Gets the most results, 1 to 1,000.</summary>
    /// <value>10 by default.</value>
    public int Limit { get; init; } = DefaultLimit;
}
