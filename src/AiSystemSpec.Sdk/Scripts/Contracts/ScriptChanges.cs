namespace AiSystemSpec.Sdk;

/// <summary>What one look at the script history found that the reader had not seen.</summary>
public sealed record ScriptChanges
{
    /// <summary>Gets the scripts, those committed first as a rule first.</summary>
    public required IReadOnlyList<ScriptChange> Items { get; init; }

    /// <summary>Gets the cursor of the next look. It moves on where nothing was found, too: store it each time.</summary>
    public required string Cursor { get; init; }

    /// <summary>Gets whether the next look would find more at once.</summary>
    public required bool HasMore { get; init; }

    /// <summary>Gets what the table allows to promise.</summary>
    public required ChangeGuarantee Guarantee { get; init; }
}
