namespace AiSystemSpec.Sdk;

/// <summary>Why a row of a file was not imported.</summary>
public sealed record ImportError
{
    /// <summary>Gets the line on which the row begins, from 1.</summary>
    public required long Line { get; init; }

    /// <summary>Gets what is wrong with it.</summary>
    public required string Message { get; init; }
}
