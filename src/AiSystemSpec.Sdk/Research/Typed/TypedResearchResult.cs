namespace AiSystemSpec.Sdk;

/// <summary>What the typed <c>GetOrResearchAsync</c> returns: the value, and how it was come by.</summary>
/// <typeparam name="T">The content's type.</typeparam>
public sealed record TypedResearchResult<T>
{
    /// <summary>Gets the content, read.</summary>
    public required T Value { get; init; }

    /// <summary>Gets the entry as it stands in the table, with outcome, age and errors.</summary>
    public required ResearchResult Result { get; init; }

    /// <summary>Gets how the entry was come by.</summary>
    public ResearchOutcome Outcome => Result.Outcome;

    /// <summary>Gets why the first look did not find it; content that did not parse is <see cref="MissReason.Invalid"/>.</summary>
    public MissReason MissReason => Result.MissReason;

    /// <summary>Gets the entry whose content the value was read from.</summary>
    public ResearchEntry Entry => Result.Entry;
}
