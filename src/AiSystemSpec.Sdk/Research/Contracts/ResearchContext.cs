namespace AiSystemSpec.Sdk;

/// <summary>What a research delegate is given.</summary>
public sealed class ResearchContext
{
    /// <summary>Initializes the context; also for hosts' own tests of their delegates.</summary>
    /// <param name="topic">The topic, normalised.</param>
    /// <param name="previous">The topic's newest entry, if any.</param>
    /// <exception cref="ArgumentNullException"><paramref name="topic"/> is null.</exception>
    public ResearchContext(string topic, ResearchEntry? previous = null)
    {
        ArgumentNullException.ThrowIfNull(topic);
        Topic = topic;
        Previous = previous;
    }

    /// <summary>Gets the topic, after normalisation.</summary>
    public string Topic { get; }

    /// <summary>
    /// Gets the topic's newest entry, however old, to bring up to date rather than start again; null where there is none.
    /// </summary>
    public ResearchEntry? Previous { get; }

    /// <summary>
    /// Gets or sets whether the result is returned but not stored; callers in other processes then research for themselves.
    /// </summary>
    /// <value><see langword="false"/> by default.</value>
    public bool DoNotSave { get; set; }
}
