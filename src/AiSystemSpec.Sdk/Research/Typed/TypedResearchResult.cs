namespace AiSystemSpec.Sdk;

/// <summary>What the typed <c>GetOrResearchAsync</c> returns: the value, and how it was come by.</summary>
/// <typeparam name="T">The content's type.</typeparam>
/// <param name="Value">The content, read.</param>
/// <param name="Result">The entry as it stands in the table, with outcome, age and errors.</param>
public sealed record TypedResearchResult<T>(T Value, ResearchResult Result)
{
    /// <summary>Gets how the entry was come by.</summary>
    public ResearchOutcome Outcome => Result.Outcome;

    /// <summary>Gets why the first look did not find it; content that did not parse is <see cref="MissReason.Invalid"/>.</summary>
    public MissReason MissReason => Result.MissReason;

    /// <summary>Gets the entry whose content the value was read from.</summary>
    public ResearchEntry Entry => Result.Entry;
}
