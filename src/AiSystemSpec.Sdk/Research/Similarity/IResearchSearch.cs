namespace AiSystemSpec.Sdk;

/// <summary>
/// Finds topics that are spelled alike: "was something like this researched lately?" Needs the extension <c>pg_trgm</c>, which nothing
/// else does. Safe for parallel callers. Consumed, not implemented, by hosts: new members may come in a minor version.
/// </summary>
public interface IResearchSearch
{
    /// <summary>Finds topics like the given one whose newest entry is fresh and not blank; system events are never among them.</summary>
    /// <param name="topic">The topic to compare with.</param>
    /// <param name="options">How like, how old and how many; the defaults where null.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The entries, most similar first; the topic's own entry is among them.</returns>
    /// <exception cref="ArgumentException">The topic is blank, reserved, or cannot be stored, or an option is out of range.</exception>
    /// <exception cref="InvalidOperationException">The extension is missing; the message names it and the remedy.</exception>
    Task<IReadOnlyList<SimilarResearch>> FindSimilarAsync(string topic, SimilarityOptions? options = null, CancellationToken cancellationToken = default);
}
