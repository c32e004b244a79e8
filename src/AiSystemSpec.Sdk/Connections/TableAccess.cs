using AiSystemSpec.Sdk.Specification;
using AiSystemSpec.Sdk.Wire;

namespace AiSystemSpec.Sdk.Connections;

/// <summary>What this role finds of the three tables, and what it may do with them.</summary>
/// <param name="Role">The role.</param>
/// <param name="IsReadOnly">Whether the server takes only reads, from this role or from all.</param>
/// <param name="Tables">The tables.</param>
internal sealed record TableAccess(string Role, bool IsReadOnly, IReadOnlyList<TableRights> Tables)
{
    // From the catalog itself: to_regclass fails where the role may not even use the schema.
    private const string Sql =
        $"""
        SELECT current_user, pg_catalog.current_setting('transaction_read_only') = 'on', wanted.name, found.oid IS NOT NULL,
               pg_catalog.concat_ws(', ',
                 CASE WHEN NOT pg_catalog.has_schema_privilege(found.relnamespace, 'USAGE') THEN 'USAGE on its schema' END,
                 CASE WHEN NOT pg_catalog.has_table_privilege(found.oid, 'SELECT') THEN 'SELECT' END,
                 CASE WHEN NOT pg_catalog.has_table_privilege(found.oid, 'INSERT') THEN 'INSERT' END,
                 CASE WHEN NOT pg_catalog.has_table_privilege(found.oid, 'UPDATE') THEN 'UPDATE' END,
                 CASE WHEN NOT pg_catalog.has_table_privilege(found.oid, 'DELETE') THEN 'DELETE' END),
               pg_catalog.row_security_active(found.oid) AND NOT EXISTS ({Policy} AND p.polcmd IN ('*', 'r')),
               pg_catalog.row_security_active(found.oid) AND NOT EXISTS ({Policy} AND p.polcmd IN ('*', 'a')),
               (SELECT pg_catalog.string_agg(needed.name, ', ')
                FROM pg_catalog.unnest(pg_catalog.string_to_array(wanted.columns, ' ')) AS needed (name)
                WHERE NOT EXISTS (
                  SELECT FROM pg_catalog.pg_attribute AS a
                  WHERE a.attrelid = found.oid AND a.attname = needed.name AND a.attnum > 0 AND NOT a.attisdropped)),
               (SELECT pg_catalog.string_agg(n.nspname, ', ' ORDER BY n.nspname)
                FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
                WHERE c.relname = wanted.name AND c.relkind IN ('r', 'p', 'v', 'm', 'f') AND n.nspname <> '{Schema.Name}')
        FROM (VALUES
          (1, '{Schema.ResearchCache}', 'id topic content created_at'),
          (2, '{Schema.Scripts}', 'id content created_at'),
          (3, '{Schema.PipelineRuns}', 'id run_id stage status attempts input_refs output_refs error_summary metrics created_at')) AS wanted (place, name, columns)
        LEFT JOIN (
          SELECT c.oid, c.relname, c.relnamespace
          FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
          WHERE n.nspname = '{Schema.Name}' AND c.relkind IN ('r', 'p', 'v', 'm', 'f')) AS found ON found.relname = wanted.name
        ORDER BY wanted.place
        """;

    private const string Policy =
        """
        SELECT FROM pg_catalog.pg_policy AS p
        WHERE p.polrelid = found.oid AND p.polpermissive
          AND (0::pg_catalog.oid = ANY (p.polroles) OR EXISTS (
            SELECT FROM pg_catalog.unnest(p.polroles) AS r (oid) WHERE r.oid <> 0 AND pg_catalog.pg_has_role(r.oid, 'USAGE')))
        """;

    /// <summary>Asks once, without repeating it after an error.</summary>
    public static async Task<TableAccess> ReadAsync(Database database, CancellationToken cancellationToken)
    {
        var connection = await database.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
        await using (connection.ConfigureAwait(false))
        {
            using var command = database.CreateCommand(connection, Sql);
            var reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
            await using (reader.ConfigureAwait(false))
            {
                var (role, isReadOnly, tables) = ("", false, new List<TableRights>());
                while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
                {
                    (role, isReadOnly) = (reader.GetString(0), reader.GetBoolean(1));
                    var isThere = reader.GetBoolean(3);
                    tables.Add(new TableRights(reader.GetString(2), isThere)
                    {
                        Missing = isThere && reader.GetTextOrNull(4) is { Length: > 0 } missing ? missing.Split(", ") : [],
                        HidesRows = isThere && reader.GetBoolean(5),
                        RefusesRows = isThere && reader.GetBoolean(6),
                        MissingColumns = isThere ? reader.GetTextOrNull(7) : null,
                        Elsewhere = reader.GetTextOrNull(8),
                    });
                }

                return new TableAccess(role, isReadOnly, tables);
            }
        }
    }

    /// <summary>Says which tables are missing; null where none is.</summary>
    public string? DescribeMissingTables()
    {
        var missing = Tables.Where(table => !table.IsThere).ToList();
        if (missing.Count == 0)
        {
            return null;
        }

        var elsewhere = string.Join(", ", missing.Select(table => table.Elsewhere).OfType<string>().SelectMany(names => names.Split(", ")).Distinct(StringComparer.Ordinal));
        return $"The database lacks {string.Join(", ", missing.Select(table => table.Name))} in the schema {Schema.Name}{(elsewhere.Length == 0 ? "" : $" (what has such a name in {elsewhere} is not looked at)")}: "
            + "run \"aispec migrate\", or apply the migrations of AiSystemSpec.Sdk.Migrations.";
    }

    /// <summary>Says which columns are missing; null where none is.</summary>
    public string? DescribeMissingColumns()
    {
        var missing = Tables.Where(table => table.MissingColumns is not null).Select(table => $"{Schema.Name}.{table.Name} lacks {table.MissingColumns}").ToList();
        return missing.Count == 0 ? null : $"{string.Join("; ", missing)}: run \"aispec verify\", which says how the table differs from the schema, and add what is missing.";
    }

    /// <summary>Says which rights the role lacks; null where none is.</summary>
    /// <param name="rights">The rights to look for; all where none is named.</param>
    public string? DescribeMissingRights(params IReadOnlyCollection<string> rights)
    {
        var missing = Tables.Select(table => table.DescribeMissing(rights)).OfType<string>().ToList();
        return missing.Count == 0 ? null : $"The role {Role} lacks {string.Join("; ", missing)}: run \"aispec grant {Role} --as app\" as the tables' owner.";
    }
}
