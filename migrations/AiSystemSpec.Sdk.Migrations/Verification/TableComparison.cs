using AiSystemSpec.Sdk.Migrations.Catalog;
using AiSystemSpec.Sdk.Migrations.EntityFramework;
using AiSystemSpec.Sdk.Migrations.Statements;
using AiSystemSpec.Sdk.Specification;

namespace AiSystemSpec.Sdk.Migrations.Verification;

/// <summary>
/// Compares what stands in the catalog with the schema: tables, columns, keys, other constraints. Indexes for speed are not part of it.
/// </summary>
internal static class TableComparison
{
    /// <summary>All three tables, those that are missing included.</summary>
    public static async Task<List<SchemaFinding>> CompareAllAsync(IReadOnlyList<FoundTable> tables, Probe probe)
    {
        var findings = new List<SchemaFinding>();
        foreach (var name in CanonicalTables.All.Keys)
        {
            if (tables.FirstOrDefault(table => string.Equals(table.Name, name, StringComparison.Ordinal)) is { } found)
            {
                findings.AddRange(await CompareAsync(found, probe).ConfigureAwait(false));
            }
            else
            {
                findings.Add(Missing(name));
            }
        }

        return findings;
    }

    public static async Task<List<SchemaFinding>> CompareAsync(FoundTable table, Probe probe)
    {
        if (TableForm.FindObstacle(table) is { } obstacle)
        {
            // The columns of a partitioned table are said, too; what mends an ordinary one would not run there.
            return table.IsTable ? [obstacle, .. (await ColumnComparison.CompareAsync(table, probe).ConfigureAwait(false)).Select(WithoutMend)] : [obstacle];
        }

        return
        [
            .. await ColumnComparison.CompareAsync(table, probe).ConfigureAwait(false),
            .. await KeyComparison.CompareAsync(table, probe).ConfigureAwait(false),
            .. await ConstraintComparison.CompareAsync(table, probe).ConfigureAwait(false),
            .. TableForm.Compare(table),
        ];
    }

    /// <summary>Says whose a table is that the current role does not own.</summary>
    public static SchemaFinding OwnedByAnother(FoundTable table, FindingSeverity severity) => new(
        severity,
        table.QualifiedName,
        $"the owner {table.Owner}, whose rights the current role does not have",
        "that migrations run as the owner, since indexes and access are the owner's to change",
        severity is FindingSeverity.Error ? $"ALTER TABLE {table.QualifiedName} OWNER TO {Identifier.Quote(table.CurrentRole)}; -- as {table.Owner} or a superuser; or connect as {table.Owner}" : null);

    private static SchemaFinding WithoutMend(SchemaFinding finding) =>
        finding with { FixSql = null, Advice = finding.Advice ?? (finding.FixSql is null ? null : "Let the ordinary table have it as it should be.") };

    private static SchemaFinding Missing(string name)
    {
        var create = MigrationCatalog.Instance.FindCreateTable(name);
        return new(FindingSeverity.Error, $"{Schema.Name}.{name}", "no such table", "a table", $"{create}\n{ClosedAccess.For(name)} -- or run aispec adopt, aispec migrate");
    }
}
