namespace AiSystemSpec.Sdk.Migrations;

/// <summary>What a run did.</summary>
/// <param name="Applied">The ids of the migrations that this run applied, or rolled back, in the order in which it did; empty where nothing was left to do.</param>
public sealed record MigrationResult(IReadOnlyList<string> Applied);
