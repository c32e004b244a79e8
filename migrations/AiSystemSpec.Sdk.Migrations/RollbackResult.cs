namespace AiSystemSpec.Sdk.Migrations;

/// <summary>What a rollback did.</summary>
public sealed record RollbackResult
{
    /// <summary>Gets the ids of the migrations that were taken back, newest first; empty where nothing was left to do.</summary>
    public required IReadOnlyList<string> RolledBack { get; init; }

    /// <summary>
    /// Gets the tables, qualified, that were left as they are, since they were there before an adoption; only that they were adopted was
    /// forgotten.
    /// </summary>
    /// <value>Empty where nothing of the kind was taken back.</value>
    public IReadOnlyList<string> KeptTables { get; init; } = [];
}
