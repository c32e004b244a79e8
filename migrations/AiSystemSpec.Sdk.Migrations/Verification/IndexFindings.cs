using AiSystemSpec.Sdk.Migrations.Catalog;
using AiSystemSpec.Sdk.Migrations.Statements;
using AiSystemSpec.Sdk.Specification;

namespace AiSystemSpec.Sdk.Migrations.Verification;

/// <summary>Says what is wrong with indexes: everything works without them, only slower, or refuses long texts because of them.</summary>
internal static class IndexFindings
{
    public static async Task<IReadOnlyList<SchemaFinding>> FindAsync(
        IReadOnlyList<FoundTable> tables, bool areIndexesApplied, IReadOnlyDictionary<string, string> takenNames, Probe probe)
    {
        var findings = new List<SchemaFinding>();
        foreach (var table in tables.Where(table => table.Kind is 'r'))
        {
            foreach (var index in table.Indexes.Where(index => !index.IsValid && !IsKey(table, index)))
            {
                findings.Add(await InvalidAsync(table, index, probe).ConfigureAwait(false));
            }

            findings.AddRange(table.Indexes.Where(IsUnbounded).Select(index => Unbounded(table, index)));
        }

        var indexes = tables.Where(table => table.Kind is 'r').SelectMany(table => table.Indexes.Select(index => (table, index))).ToList();
        var expected = LookupIndexes.All.Where(index => tables.All(table => table.Kind is 'r' || !string.Equals(table.Name, index.Table, StringComparison.Ordinal)));
        return [.. findings, .. areIndexesApplied ? expected.SelectMany(index => Compare(index, indexes, takenNames.GetValueOrDefault(index.Name))) : []];
    }

    // A key that a build left INVALID is no key: the comparison of keys says so.
    private static bool IsKey(FoundTable table, FoundIndex index) =>
        index is { IsUnique: true, IsPartial: false, Columns: [Schema.Columns.Id] } && !KeyComparison.HasKey(table);

    private static IEnumerable<SchemaFinding> Compare(
        IndexDefinition expected, List<(FoundTable Table, FoundIndex Index)> indexes, string? other)
    {
        var (table, found) = indexes.Find(pair => string.Equals(pair.Index.Name, expected.Name, StringComparison.Ordinal));
        if (other is not null)
        {
            return [new(FindingSeverity.Warning, expected.QualifiedName, $"no such index, and its name taken by {other}", $"one on {expected.Table}, for lookups", fixSql: null)
            {
                Advice = $"May that have another name (ALTER INDEX … RENAME TO …, or ALTER TABLE … for a table)? Then: {expected.CreateSql}",
                Query = $"SELECT pg_catalog.pg_describe_object(tableoid, oid, 0), relkind FROM pg_catalog.pg_class WHERE oid = '{expected.QualifiedName}'::pg_catalog.regclass;",
            }];
        }

        if (found is null)
        {
            return [new(FindingSeverity.Warning, expected.QualifiedName, "no such index", $"one on {expected.Table}, for lookups", expected.CreateSql)];
        }

        var drop = KeyComparison.Drop(table, found);
        return found.IsValid && !expected.IsPrintedAs(found.Definition)
            ? [new(FindingSeverity.Warning, expected.QualifiedName, found.Definition, expected.CreateSql, drop is null ? null : $"{drop}\n{expected.CreateSql}")
            {
                Advice = drop is null ? $"Something else needs the index of that name. Rename it, then: {expected.CreateSql}" : null,
            }]
            : [];
    }

    private static async Task<SchemaFinding> InvalidAsync(FoundTable table, FoundIndex index, Probe probe)
    {
        var known = LookupIndexes.Find(index.Name);
        var finding = new SchemaFinding { Severity = FindingSeverity.Warning, Subject = $"{Schema.Name}.{index.Name}", Found = "an INVALID index, which costs writes and serves no reads", Expected = "a valid one", FixSql = known is null ? null : $"{known.DropSql}\n{known.CreateSql}" };
        // What REINDEX CONCURRENTLY leaves when it breaks off is a second one beside the first.
        return known is not null ? finding
            : index.Name.Contains("_ccnew", StringComparison.Ordinal) || index.Name.Contains("_ccold", StringComparison.Ordinal)
                ? finding with { Expected = "none", FixSql = $"DROP INDEX CONCURRENTLY {Schema.Name}.{Identifier.Quote(index.Name)};" }
                : await KeyComparison.RebuildAsync(finding, table, index, probe).ConfigureAwait(false);
    }

    // A btree entry may have 2,704 bytes: a longer topic would be refused.
    private static bool IsUnbounded(FoundIndex index) =>
        index is { IsPrimary: false, IsUnique: false }
        && index.Definition.Contains("USING btree", StringComparison.Ordinal)
        && index.Columns.Any(column => column is Schema.Columns.Topic or Schema.Columns.Content or Schema.Columns.RunId or Schema.Columns.ErrorSummary
            or Schema.Columns.InputRefs or Schema.Columns.OutputRefs or Schema.Columns.Metrics);

    private static SchemaFinding Unbounded(FoundTable table, FoundIndex index)
    {
        var drop = KeyComparison.Drop(table, index);
        return new(
            FindingSeverity.Warning,
            $"{Schema.Name}.{index.Name}",
            $"an index that refuses rows with a text of more than 2,704 bytes: {index.Definition}",
            "an index on a bounded expression, or none",
            drop)
        {
            Advice = drop is null ? Remedies.Inherited(table) : null,
        };
    }
}
