namespace AiSystemSpec.Sdk;

/// <summary>What became of the rows of a file.</summary>
public sealed record ImportResult
{
    /// <summary>How many errors <see cref="Errors"/> keeps: 100.</summary>
    public const int MostErrors = 100;

    /// <summary>Gets how many rows went in.</summary>
    public required long Imported { get; init; }

    /// <summary>Gets how many rows were there already, as they are in the file.</summary>
    public required long Existing { get; init; }

    /// <summary>Gets how many rows did not go in: they cannot be read, the database refused them, or their id is there with other content.</summary>
    public required long Failed { get; init; }

    /// <summary>Gets why, of the first 100 that did not go in.</summary>
    public required IReadOnlyList<ImportError> Errors { get; init; }
}
