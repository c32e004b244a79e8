using AiSystemSpec.Sdk.Migrations.Connections;
using AiSystemSpec.Sdk.Migrations.Statements;
using AiSystemSpec.Sdk.Specification;

namespace AiSystemSpec.Sdk.Migrations.Catalog;

/// <summary>
/// Finds what has the name of one of our indexes and is no index of its table, such as that of a table that was renamed: IF NOT EXISTS
/// would take it for ours, and nothing would be built.
/// </summary>
internal static class TakenNames
{
    private const string Read = """
        SELECT c.relname::text, CASE WHEN x.indexrelid IS NULL THEN pg_catalog.pg_describe_object('pg_catalog.pg_class'::regclass, c.oid, 0)
                                     ELSE pg_catalog.format('an index on %s', x.indrelid::regclass) END
        FROM pg_catalog.pg_class c
        JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        JOIN unnest($2, $3) AS ours(name, table_name) ON ours.name = c.relname
        LEFT JOIN pg_catalog.pg_index x ON x.indexrelid = c.oid
        LEFT JOIN pg_catalog.pg_class t ON t.oid = x.indrelid
        WHERE n.nspname = $1 AND (t.oid IS NULL OR t.relname <> ours.table_name OR t.relnamespace <> n.oid)
        """;

    /// <returns>What has the name, by the name.</returns>
    public static async Task<IReadOnlyDictionary<string, string>> ReadAsync(Session session, CancellationToken cancellationToken)
    {
        IndexDefinition[] ours = [.. LookupIndexes.All, TrigramSearch.IndexFor(Schema.Name)];
        var found = await session.QueryAsync(
            Read,
            reader => (Name: reader.GetString(0), What: reader.GetString(1)),
            cancellationToken,
            Schema.Name,
            ours.Select(index => index.Name).ToArray(),
            ours.Select(index => index.Table).ToArray()).ConfigureAwait(false);
        return found.ToDictionary(pair => pair.Name, pair => pair.What, StringComparer.Ordinal);
    }
}
