namespace AiSystemSpec.Sdk.Migrations;

/// <summary>How to roll back.</summary>
public sealed record RollbackOptions
{
    /// <summary>Gets the names of the tables that may be dropped although they have rows, or were found by an adoption.</summary>
    /// <value>Empty by default: no row is lost, and a table that an adoption found stays.</value>
    public IReadOnlyCollection<string> DropTables { get; init; } = [];

    /// <summary>Gets whether a connection pooler in transaction mode is accepted.</summary>
    /// <value><see langword="false"/> by default, as in <see cref="MigrateOptions.AllowPooler"/>.</value>
    public bool AllowPooler { get; init; }

    /// <summary>Gets who is told of each statement before it runs.</summary>
    /// <value><see langword="null"/> by default.</value>
    public IProgress<MigrationProgress>? Progress { get; init; }

    /// <summary>Gets who is told, twice a second, of what is seen of a step that takes longer.</summary>
    /// <value><see langword="null"/> by default.</value>
    public IProgress<MigrationActivity>? Activity { get; init; }
}
