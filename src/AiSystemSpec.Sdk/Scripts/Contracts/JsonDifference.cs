namespace AiSystemSpec.Sdk;

/// <summary>One place where two scripts that are JSON differ.</summary>
public sealed record JsonDifference
{
    /// <summary>Gets whether it was removed, added or changed.</summary>
    public required ScriptChangeKind Kind { get; init; }

    /// <summary>Gets the place, as SQL/JSON writes it: <c>$.scenes[2].text</c>, a name with other signs than letters, digits and <c>_</c> in quotes.</summary>
    public required string Path { get; init; }

    /// <summary>Gets the JSON text that the first script has there.</summary>
    /// <value>Null where it has nothing there.</value>
    public string? From { get; init; }

    /// <summary>Gets the JSON text that the second script has there.</summary>
    /// <value>Null where it has nothing there.</value>
    public string? To { get; init; }
}
