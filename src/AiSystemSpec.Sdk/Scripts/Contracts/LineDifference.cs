namespace AiSystemSpec.Sdk;

/// <summary>One line of two scripts that are compared.</summary>
public sealed record LineDifference
{
    /// <summary>Gets whether it was removed, added, or is in both.</summary>
    public required ScriptChangeKind Kind { get; init; }

    /// <summary>Gets the line, without its end.</summary>
    public required string Text { get; init; }

    /// <summary>Gets its number in the first script, from 1.</summary>
    /// <value>Null where it is not in there.</value>
    public int? FromLine { get; init; }

    /// <summary>Gets its number in the second script, from 1.</summary>
    /// <value>Null where it is not in there.</value>
    public int? ToLine { get; init; }
}
