using AiSystemSpec.Sdk.Migrations.Catalog;
using AiSystemSpec.Sdk.Migrations.Scripts;
using AiSystemSpec.Sdk.Migrations.Statements;
using AiSystemSpec.Sdk.Persistence;

namespace AiSystemSpec.Sdk.Migrations.Verification;

/// <summary>Compares what stands in the catalog with the schema: tables, columns, keys, other constraints. Indexes for speed are not part of it.</summary>
internal static class TableComparison
{
    public static IEnumerable<SchemaFinding> Compare(IReadOnlyList<FoundTable> tables)
    {
        foreach (var name in CanonicalTables.All.Keys)
        {
            var findings = tables.FirstOrDefault(table => string.Equals(table.Name, name, StringComparison.Ordinal)) is { } found ? Compare(found) : [Missing(name)];
            foreach (var finding in findings)
            {
                yield return finding;
            }
        }
    }

    public static IEnumerable<SchemaFinding> Compare(FoundTable table)
    {
        if (!table.IsTable)
        {
            return [new(FindingSeverity.Error, table.QualifiedName, "something else of that name (a view, perhaps)", "a table", Mend: null)];
        }

        return [.. ColumnComparison.Compare(table), .. CompareKey(table), .. CompareUniqueness(table), .. CompareConstraints(table)];
    }

    private static SchemaFinding Missing(string name)
    {
        var create = MigrationCatalog.Instance.FindCreateTable(name);
        return new(FindingSeverity.Error, $"{Schema.Name}.{name}", "no such table", "a table", $"{create} {ClosedAccess.For(name)} -- or run aispec adopt, aispec migrate");
    }

    // By columns, not by name.
    private static IEnumerable<SchemaFinding> CompareKey(FoundTable table)
    {
        if (table.Indexes.Any(index => index is { IsUnique: true, IsPartial: false, IsValid: true, Columns: [Schema.Columns.Id] }))
        {
            return [];
        }

        return
        [
            new(
                FindingSeverity.Error,
                table.QualifiedName,
                table.Indexes.FirstOrDefault(index => index.IsPrimary) is { } other ? $"a primary key on ({string.Join(", ", other.Columns)})" : "no primary key",
                $"a primary key (or a unique index) on ({Schema.Columns.Id})",
                $"CREATE UNIQUE INDEX CONCURRENTLY {table.Name}_id_key ON {table.QualifiedName} ({Schema.Columns.Id});"),
        ];
    }

    private static IEnumerable<SchemaFinding> CompareUniqueness(FoundTable table)
    {
        foreach (var index in table.Indexes.Where(index => index is { IsUnique: true, IsPrimary: false } && !index.Columns.SequenceEqual([Schema.Columns.Id], StringComparer.Ordinal)))
        {
            yield return IsOnTopic(table, index)
                ? new(FindingSeverity.Compatible, $"{Schema.Name}.{index.Name}", "a unique index on the topic", "none; with it, storing refreshes the topic's one row, and there is no history", Mend: null)
                : new(FindingSeverity.Warning, $"{Schema.Name}.{index.Name}", $"a unique index that may refuse rows: {index.Definition}", "none", $"DROP INDEX CONCURRENTLY {Schema.Name}.\"{index.Name}\";");
        }
    }

    private static IEnumerable<SchemaFinding> CompareConstraints(FoundTable table) => table.Constraints.Select(constraint => new SchemaFinding(
        FindingSeverity.Warning,
        $"{table.QualifiedName}.{constraint.Key}",
        $"a constraint that may refuse rows: {constraint.Value}",
        "none",
        $"ALTER TABLE {table.QualifiedName} DROP CONSTRAINT \"{constraint.Key}\";"));

    // Its column, or an expression over it such as lower(topic).
    private static bool IsOnTopic(FoundTable table, FoundIndex index) =>
        string.Equals(table.Name, Schema.ResearchCache, StringComparison.Ordinal)
        && index.Columns.Count == 1
        && index.Definition.Contains(Schema.Columns.Topic, StringComparison.Ordinal);
}
