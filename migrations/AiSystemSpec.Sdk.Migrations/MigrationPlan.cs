namespace AiSystemSpec.Sdk.Migrations;

/// <summary>What <see cref="IAiSystemSpecMigrator.MigrateAsync"/> would do now.</summary>
public sealed record MigrationPlan
{
    /// <summary>Gets the ids of the migrations that would be applied, oldest first.</summary>
    public required IReadOnlyList<string> Pending { get; init; }

    /// <summary>Gets every statement that would be sent, in order and word by word, the ends of transactions included.</summary>
    public required IReadOnlyList<string> Statements { get; init; }

    /// <summary>Gets the statements as one text.</summary>
    public string Sql => string.Join("\n\n", Statements);
}
