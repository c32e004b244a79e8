namespace AiSystemSpec.Sdk.Migrations;

/// <summary>What a run did.</summary>
public sealed record MigrationResult
{
    /// <summary>
    /// Gets the ids of the migrations that this run applied, in the order in which it did; empty where nothing was left to do.
    /// </summary>
    public required IReadOnlyList<string> Applied { get; init; }
}
