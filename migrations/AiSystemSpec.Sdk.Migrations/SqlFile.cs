namespace AiSystemSpec.Sdk.Migrations;

/// <summary>A file of SQL.</summary>
public sealed record SqlFile
{
    /// <summary>Gets its name, without a folder.</summary>
    public required string Name { get; init; }

    /// <summary>Gets its content.</summary>
    public required string Text { get; init; }
}
