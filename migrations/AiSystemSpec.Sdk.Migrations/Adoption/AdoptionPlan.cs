using AiSystemSpec.Sdk.Migrations.Catalog;
using AiSystemSpec.Sdk.Migrations.History;
using AiSystemSpec.Sdk.Migrations.Scripts;
using AiSystemSpec.Sdk.Migrations.Statements;
using AiSystemSpec.Sdk.Migrations.Verification;
using AiSystemSpec.Sdk.Persistence;

namespace AiSystemSpec.Sdk.Migrations.Adoption;

/// <summary>What an adoption would change, and what stands against it.</summary>
internal sealed class AdoptionPlan
{
    private readonly IReadOnlyList<AppliedMigration>? _history;

    public AdoptionPlan(IReadOnlyList<FoundTable> tables, IReadOnlyList<AppliedMigration>? history, bool harden)
    {
        _history = history;
        IsAdopted = history?.Any(row => string.Equals(row.Id, MigrationCatalog.Instance.CreateTables.Id, StringComparison.Ordinal)) ?? false;
        Found = [.. tables.Select(table => table.Name)];
        Missing = IsAdopted ? [] : [.. CanonicalTables.All.Keys.Except(Found, StringComparer.Ordinal)];
        Findings = [.. tables.SelectMany(TableComparison.Compare), .. tables.Where(table => !table.MayOwn).Select(OwnedByAnother)];
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

        yield return FoundTables.CreateSql;
        yield return $"INSERT INTO {FoundTables.Table} (table_name) VALUES {string.Join(", ", Found.Select(table => $"('{table}')"))};";
        yield return MigrationCatalog.Instance.CreateTables.HistorySql;
    }

    private static SchemaFinding OwnedByAnother(FoundTable table) => new(
        FindingSeverity.Error,
        table.QualifiedName,
        $"the owner {table.Owner}, whose rights the current role does not have",
        "that the owner adopts, since indexes and access are the owner's to change",
        $"ALTER TABLE {Schema.Name}.{table.Name} OWNER TO CURRENT_USER; -- as {table.Owner} or a superuser; or connect as {table.Owner}");
}
