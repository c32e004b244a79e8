namespace AiSystemSpec.Sdk.Migrations;

/// <summary>What a run did.</summary>
/// <param name="Applied">The ids of the migrations that this run applied, or rolled back, in the order in which it did; empty where nothing was left to do.</param>
public sealed record MigrationResult(IReadOnlyList<string> Applied)
{
    /// <summary>Gets the tables, qualified, that a rollback left as they are, since they were there before an adoption; it only forgot that they were adopted.</summary>
    /// <value>Empty where nothing of the kind was taken back.</value>
    public IReadOnlyList<string> KeptTables { get; init; } = [];
}
