namespace AiSystemSpec.Sdk;

/// <summary>What became of a script that was to be saved only if it is new.</summary>
public sealed record SaveScriptResult
{
    /// <summary>Gets the script that was saved, or the newest one, which has the same content.</summary>
    public required Script Script { get; init; }

    /// <summary>Gets whether it was saved.</summary>
    public required bool Saved { get; init; }
}
