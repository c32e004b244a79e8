namespace AiSystemSpec.Sdk;

/// <summary>Which scripts to look among. What is null or empty does not filter.</summary>
public sealed record ScriptFilter
{
    /// <summary>Gets text that the content contains: literal (<c>%</c> and <c>_</c> mean themselves) and case-sensitive.</summary>
    public string? Contains { get; init; }

    /// <summary>
    /// Gets a property of content that is a JSON object, its levels joined by dots, such as <c>meta.episode</c>. Content that is not JSON
    /// never matches.
    /// </summary>
    public string? JsonPath { get; init; }

    /// <summary>Gets the value that <see cref="JsonPath"/> must have, as text; any value but JSON null where null.</summary>
    public string? JsonValue { get; init; }

    /// <summary>Gets the moment from which on scripts are listed, included.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Gets the moment up to which scripts are listed, excluded.</summary>
    public DateTimeOffset? To { get; init; }
}
