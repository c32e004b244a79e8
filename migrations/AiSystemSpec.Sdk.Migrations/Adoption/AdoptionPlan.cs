using AiSystemSpec.Sdk.Migrations.Catalog;
using AiSystemSpec.Sdk.Migrations.EntityFramework;
using AiSystemSpec.Sdk.Migrations.History;
using AiSystemSpec.Sdk.Migrations.Statements;
using AiSystemSpec.Sdk.Migrations.Verification;

namespace AiSystemSpec.Sdk.Migrations.Adoption;

/// <summary>What an adoption would change, and what stands against it.</summary>
internal sealed class AdoptionPlan
{
    private readonly IReadOnlyList<AppliedMigration>? _history;

    /// <param name="tables">What was found.</param>
    /// <param name="findings">How it differs from the schema.</param>
    /// <param name="history">The applied migrations; null where there is no history yet.</param>
    /// <param name="harden">Whether to close the tables that were there, too.</param>
    public AdoptionPlan(
        IReadOnlyList<FoundTable> tables, IReadOnlyList<SchemaFinding> findings, IReadOnlyList<AppliedMigration>? history, bool harden)
    {
        _history = history;
        IsAdopted = history?.Any(row => string.Equals(row.Id, MigrationCatalog.Instance.CreateTables.Id, StringComparison.Ordinal)) ?? false;
        Found = [.. tables.Select(table => table.Name)];
        Missing = IsAdopted ? [] : [.. CanonicalTables.All.Keys.Except(Found, StringComparer.Ordinal)];
        Findings = [.. findings, .. tables.Where(table => !table.MayOwn).Select(table => TableComparison.OwnedByAnother(table, FindingSeverity.Error))];
        Statements = [.. Adopt(), .. harden ? [ClosedAccess.For(Found)] : Array.Empty<string>()];
        if (Statements.Count > 0)
        {
            Statements = [SearchPath.Pin, .. Statements];
        }
    }

    public bool IsAdopted { get; }

    public IReadOnlyList<string> Found { get; }

    public IReadOnlyList<string> Missing { get; }

    public IReadOnlyList<SchemaFinding> Findings { get; }

    public IReadOnlyList<string> Statements { get; }

    public void ThrowIfImpossible()
    {
        if (Found.Count == 0)
        {
            throw MigrationException.Refused("There is nothing to adopt: the database has none of the three tables. Run aispec migrate (MigrateAsync), which creates them.");
        }

        var errors = Findings.Where(finding => finding.Severity == FindingSeverity.Error).ToList();
        if (errors.Count > 0)
        {
            throw MigrationException.Refused(
                $"The database cannot be adopted as it is; nothing was changed. What stands against it:{string.Concat(errors.Select(error => $"\n- {error}"))}");
        }
    }

    private IEnumerable<string> Adopt()
    {
        if (IsAdopted)
        {
            yield break;
        }

        if (_history is null)
        {
            yield return HistoryTable.CreateSchemaSql;
            yield return HistoryTable.CreateTableSql;
        }

        foreach (var table in Missing)
        {
            yield return MigrationCatalog.Instance.FindCreateTable(table);
        }

        if (Missing.Count > 0)
        {
            yield return ClosedAccess.For(Missing);
        }

        yield return PreexistingTables.CreateSql;
        yield return $"INSERT INTO {PreexistingTables.Table} (table_name) VALUES {string.Join(", ", Found.Select(table => $"('{table}')"))};";
        yield return MigrationCatalog.Instance.CreateTables.HistorySql;
    }
}
