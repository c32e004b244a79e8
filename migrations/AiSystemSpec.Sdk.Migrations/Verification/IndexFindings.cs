using AiSystemSpec.Sdk.Migrations.Catalog;
using AiSystemSpec.Sdk.Migrations.Statements;
using AiSystemSpec.Sdk.Persistence;

namespace AiSystemSpec.Sdk.Migrations.Verification;

/// <summary>Says what is wrong with indexes: everything works without them, only slower, or refuses long texts because of them.</summary>
internal static class IndexFindings
{
    public static IEnumerable<SchemaFinding> Find(IReadOnlyList<FoundTable> tables, bool areIndexesApplied)
    {
        var indexes = tables.SelectMany(table => table.Indexes).ToList();
        var invalid = indexes.Where(index => !index.IsValid).Select(Invalid);
        var unbounded = indexes.Where(IsUnbounded).Select(Unbounded);
        return [.. invalid, .. unbounded, .. areIndexesApplied ? LookupIndexes.All.SelectMany(index => Compare(index, indexes)) : []];
    }

    private static IEnumerable<SchemaFinding> Compare(IndexDefinition expected, List<FoundIndex> indexes)
    {
        var found = indexes.Find(index => string.Equals(index.Name, expected.Name, StringComparison.Ordinal));
        if (found is null)
        {
            return [new(FindingSeverity.Warning, expected.QualifiedName, "no such index", $"one on {expected.Table}, for lookups", expected.CreateSql)];
        }

        return found.IsValid && !expected.IsPrintedAs(found.Definition)
            ? [new(FindingSeverity.Warning, expected.QualifiedName, found.Definition, expected.CreateSql, $"{expected.DropSql} {expected.CreateSql}")]
            : [];
    }

    private static SchemaFinding Invalid(FoundIndex index)
    {
        var known = LookupIndexes.All.FirstOrDefault(expected => string.Equals(expected.Name, index.Name, StringComparison.Ordinal));
        return new(
            FindingSeverity.Warning,
            $"{Schema.Name}.{index.Name}",
            "an INVALID index, which costs writes and serves no reads",
            "a valid one",
            known is null ? $"REINDEX INDEX CONCURRENTLY {Schema.Name}.\"{index.Name}\";" : $"{known.DropSql} {known.CreateSql}");
    }

    // A btree entry may have 2,704 bytes: a longer topic would be refused.
    private static bool IsUnbounded(FoundIndex index) =>
        index is { IsPrimary: false, IsUnique: false }
        && index.Definition.Contains("USING btree", StringComparison.Ordinal)
        && index.Columns.Any(column => column is Schema.Columns.Topic or Schema.Columns.Content or Schema.Columns.RunId or Schema.Columns.ErrorSummary
            or Schema.Columns.InputRefs or Schema.Columns.OutputRefs or Schema.Columns.Metrics);

    private static SchemaFinding Unbounded(FoundIndex index) => new(
        FindingSeverity.Warning,
        $"{Schema.Name}.{index.Name}",
        $"an index that refuses rows with a text of more than 2,704 bytes: {index.Definition}",
        "an index on a bounded expression, or none",
        $"DROP INDEX CONCURRENTLY {Schema.Name}.\"{index.Name}\";");
}
