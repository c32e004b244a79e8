namespace AiSystemSpec.Sdk;

/// <summary>One script that is new to the reader, or was changed.</summary>
public sealed record ScriptChange
{
    /// <summary>Gets the script as it is in the table now.</summary>
    public required Script Script { get; init; }

    /// <summary>Gets the cursor to go on behind this script, in this process or another: at most 512 characters, opaque.</summary>
    public required string Cursor { get; init; }

    /// <summary>Gets what the table allows to promise.</summary>
    public required ChangeGuarantee Guarantee { get; init; }
}
