namespace AiSystemSpec.Sdk.Migrations;

/// <summary>What <see cref="IAiSystemSpecMigrator.MigrateAsync"/> would do now.</summary>
/// <param name="Pending">The ids of the migrations that would be applied, oldest first.</param>
/// <param name="Statements">Every statement that would be sent, in order and word by word, the ends of transactions included.</param>
public sealed record MigrationPlan(IReadOnlyList<string> Pending, IReadOnlyList<string> Statements)
{
    /// <summary>Gets the statements as one text.</summary>
    public string Sql => string.Join("\n\n", Statements);
}
