using AiSystemSpec.Sdk.Migrations.Connections;
using AiSystemSpec.Sdk.Persistence;

namespace AiSystemSpec.Sdk.Migrations.Catalog;

/// <summary>Reads everything about the three tables from the catalog; inside <see cref="Session.ReadAsync"/>, since types are printed by the <c>search_path</c>.</summary>
internal static class TableReader
{
    /// <summary>What its queries begin with, but for the indexes'.</summary>
    public const string Beginning = "SELECT c.relname::text";

    private const string Tables = $"""
        {Beginning}, c.relkind, pg_catalog.pg_get_userbyid(c.relowner)::text, pg_catalog.pg_has_role(c.relowner, 'USAGE'),
               pg_catalog.has_table_privilege(c.oid, 'SELECT'), c.relrowsecurity
        FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = $1 AND c.relname = ANY ($2)
        ORDER BY 1
        """;

    private const string Columns = $"""
        {Beginning}, a.attname::text, pg_catalog.format_type(a.atttypid, a.atttypmod), a.attnotnull,
               CASE WHEN a.attidentity <> '' THEN 'generated as identity' ELSE pg_catalog.pg_get_expr(d.adbin, d.adrelid) END
        FROM pg_catalog.pg_attribute a
        JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
        JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
        WHERE n.nspname = $1 AND c.relname = ANY ($2) AND a.attnum > 0 AND NOT a.attisdropped
        ORDER BY 1, a.attnum
        """;

    private const string Constraints = $"""
        {Beginning}, k.conname::text, pg_catalog.pg_get_constraintdef(k.oid)
        FROM pg_catalog.pg_constraint k
        JOIN pg_catalog.pg_class c ON c.oid = k.conrelid
        JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = $1 AND c.relname = ANY ($2) AND k.contype IN ('c', 'f', 'x')
        ORDER BY 1, 2
        """;

    private static readonly string[] Names = [Schema.ResearchCache, Schema.Scripts, Schema.PipelineRuns];

    public static async Task<List<FoundTable>> ReadAsync(Session session, CancellationToken cancellationToken)
    {
        var columns = await session.QueryAsync(
            Columns,
            reader => new FoundColumn(reader.GetString(0), reader.GetString(1), reader.GetString(2), reader.GetBoolean(3), reader.IsDBNull(4) ? null : reader.GetString(4)),
            cancellationToken,
            Schema.Name,
            Names).ConfigureAwait(false);
        var constraints = await session.QueryAsync(
            Constraints,
            reader => (Table: reader.GetString(0), Constraint: KeyValuePair.Create(reader.GetString(1), reader.GetString(2))),
            cancellationToken,
            Schema.Name,
            Names).ConfigureAwait(false);
        var indexes = await IndexReader.ReadAsync(session, cancellationToken).ConfigureAwait(false);
        return await session.QueryAsync(
            Tables,
            reader => new FoundTable(
                reader.GetString(0),
                reader.GetChar(1),
                reader.GetString(2),
                reader.GetBoolean(3),
                reader.GetBoolean(4),
                reader.GetBoolean(5),
                columns.FindAll(column => IsOn(reader.GetString(0), column.Table)),
                indexes.FindAll(index => IsOn(reader.GetString(0), index.Table)),
                [.. constraints.Where(found => IsOn(reader.GetString(0), found.Table)).Select(found => found.Constraint)]),
            cancellationToken,
            Schema.Name,
            Names).ConfigureAwait(false);
    }

    private static bool IsOn(string table, string other) => string.Equals(table, other, StringComparison.Ordinal);
}
