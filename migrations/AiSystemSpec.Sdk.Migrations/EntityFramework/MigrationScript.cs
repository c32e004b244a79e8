namespace AiSystemSpec.Sdk.Migrations.EntityFramework;

/// <summary>One migration in one direction, as SQL.</summary>
/// <param name="Id">The migration's id.</param>
/// <param name="Statements">What changes the schema.</param>
/// <param name="HistorySql">What records it, or takes the record away.</param>
internal sealed record MigrationScript(string Id, IReadOnlyList<SqlStatement> Statements, string HistorySql)
{
    /// <summary>Gets what the database keeps beside the migration; null for the way back.</summary>
    public string? Checksum { get; init; }

    /// <summary>Whether all of it, its record included, fits in one transaction.</summary>
    public bool IsTransactional => Statements.All(statement => statement.IsTransactional);
}
