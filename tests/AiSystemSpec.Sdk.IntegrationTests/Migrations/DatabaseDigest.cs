using AiSystemSpec.Sdk.IntegrationTests.Infrastructure;

namespace AiSystemSpec.Sdk.IntegrationTests.Migrations;

/// <summary>
/// All rows and all of the catalog that an operator cares about, as text to compare; without what the run's route brings along.
/// </summary>
internal static class DatabaseDigest
{
    private const string RowsSql = """
        SELECT string_agg(table_name || ' ' || (xpath('/row/d/text()', query_to_xml(format(
                 'SELECT md5(coalesce(string_agg(t::text, chr(10) ORDER BY t::text), '''')) || '' '' || count(*) AS d FROM %I.%I t', table_schema, table_name), true, true, '')))[1]::text,
               chr(10) ORDER BY table_schema, table_name)
        FROM information_schema.tables WHERE table_type = 'BASE TABLE' AND table_schema NOT IN ('pg_catalog', 'information_schema', 'ai_system_spec', 'evil')
        """;

    private const string SchemaSql = """
        SELECT string_agg(line, chr(10) ORDER BY line) FROM (
          SELECT concat_ws(' ', n.nspname, c.relname, c.relkind, c.relrowsecurity AND NOT EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid AND p.polname ~ '^app_app_[0-9a-f]{32}$'), (SELECT string_agg(acl::text, ',' ORDER BY acl::text) FROM unnest(coalesce(c.relacl, acldefault('r', c.relowner))) AS acl WHERE acl::text !~ '^app_[0-9a-f]{32}='), a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, pg_get_expr(d.adbin, d.adrelid)) AS line
          FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
          LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
          LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
          WHERE n.nspname IN ('public', 'ai_system_spec')
          UNION ALL SELECT pg_get_indexdef(indexrelid) || ' ' || indisvalid FROM pg_index x JOIN pg_class c ON c.oid = x.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname IN ('public', 'ai_system_spec')
          UNION ALL SELECT 'schema ' || nspname FROM pg_namespace WHERE nspname !~ '^pg_(toast|temp)' AND nspname <> 'evil') AS lines
        """;

    /// <param name="connectionString">The database.</param>
    /// <param name="except">Tables to leave out, since they were not there before.</param>
    public static async Task<string> RowsAsync(string connectionString, params IReadOnlyList<string> except)
    {
        var lines = (await Sql.ScalarAsync<string>(connectionString, RowsSql) ?? "").Split('\n');
        return string.Join('\n', lines.Where(line => !except.Contains(line.Split(' ')[0])));
    }

    public static Task<string?> SchemaAsync(string connectionString) => Sql.ScalarAsync<string>(connectionString, SchemaSql);
}
