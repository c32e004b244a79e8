namespace AiSystemSpec.Sdk;

/// <summary>
/// Finds topics that are spelled alike: "was something like this researched lately?" Needs the extension <c>pg_trgm</c>, which nothing else does.
/// Safe for parallel callers. Consumed, not implemented, by hosts: new members may come in a minor version.
/// </summary>
public interface IResearchSearch
{
    /// <summary>The default of the least similarity.</summary>
    const double DefaultMinSimilarity = 0.3;

    /// <summary>The default of the most results.</summary>
    const int DefaultLimit = 10;

    /// <summary>Finds topics like the given one whose newest entry is fresh and not blank; system events are never among them.</summary>
    /// <param name="topic">The topic to compare with.</param>
    /// <param name="minSimilarity">The least similarity of the trigrams, more than 0 up to 1; 0.3 by default.</param>
    /// <param name="maxAge">How old an entry may be, more than zero; <see cref="AiSystemSpecOptions.FreshnessWindow"/> (7 days) by default.</param>
    /// <param name="limit">The most results, 1 to 1,000; 10 by default.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The entries, most similar first; the topic's own entry is among them.</returns>
    /// <exception cref="ArgumentException">The topic is blank, reserved, or cannot be stored, or a number is out of range.</exception>
    /// <exception cref="InvalidOperationException">The extension is missing; the message names it and the remedy.</exception>
    Task<IReadOnlyList<SimilarResearch>> FindSimilarAsync(
        string topic, double minSimilarity = DefaultMinSimilarity, TimeSpan? maxAge = null, int limit = DefaultLimit, CancellationToken cancellationToken = default);
}
