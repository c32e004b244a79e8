using AiSystemSpec.Sdk.Connections;
using AiSystemSpec.Sdk.Specification;
using AiSystemSpec.Sdk.Wire;
using Npgsql;
using static AiSystemSpec.Sdk.Specification.Schema;

namespace AiSystemSpec.Sdk.Research.Storing;

/// <summary>What stands on <c>research_cache</c> beside the schema and may change or refuse a row, to be named where one was.</summary>
/// <param name="CreatedAtDefault">The default of <c>created_at</c>, as SQL; null for none.</param>
/// <param name="Refusers">The names of what may refuse or change a row, as the middle of a sentence; null for nothing.</param>
internal sealed record TableDescription(string? CreatedAtDefault, string? Refusers)
{
    private const string DescribeSql =
        $"""
        SELECT
          (SELECT pg_catalog.pg_get_expr(d.adbin, d.adrelid) FROM pg_catalog.pg_attrdef AS d
           JOIN pg_catalog.pg_attribute AS a ON a.attrelid = d.adrelid AND a.attnum = d.adnum
           WHERE d.adrelid = c.oid AND a.attname = '{Columns.CreatedAt}'),
          (SELECT pg_catalog.string_agg(pg_catalog.quote_ident(t.tgname), ', ' ORDER BY t.tgname) FROM pg_catalog.pg_trigger AS t
           WHERE t.tgrelid = c.oid AND NOT t.tgisinternal AND t.tgenabled IN ('O', 'A')),
          (SELECT pg_catalog.string_agg(pg_catalog.quote_ident(r.rulename), ', ' ORDER BY r.rulename) FROM pg_catalog.pg_rewrite AS r
           WHERE r.ev_class = c.oid AND r.ev_type IN ('2', '3')),
          (SELECT pg_catalog.string_agg(pg_catalog.quote_ident(n.relname), ', ' ORDER BY n.relname) FROM pg_catalog.pg_index AS i
           JOIN pg_catalog.pg_class AS n ON n.oid = i.indexrelid
           WHERE i.indrelid = c.oid AND (i.indisunique OR i.indisexclusion) AND NOT i.indisprimary)
        FROM pg_catalog.pg_class AS c
        WHERE c.oid = pg_catalog.to_regclass('{Schema.Name}.{Schema.ResearchCache}')
        """;

    /// <summary>Looks; what cannot be learnt is left out, since the sentence is worth more than its details.</summary>
    public static async Task<TableDescription> ReadAsync(
        Database database, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        try
        {
            using var command = database.CreateCommand(connection, DescribeSql);
            var reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
            await using (reader.ConfigureAwait(false))
            {
                if (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
                {
                    var names = new[] { ("trigger", 1), ("rule", 2), ("unique index", 3) }
                        .Where(kind => !reader.IsDBNull(kind.Item2))
                        .Select(kind => $"{kind.Item1} {reader.GetString(kind.Item2)}");
                    var refusers = string.Join(", ", names);
                    return new TableDescription(reader.GetTextOrNull(0), refusers.Length == 0 ? null : refusers);
                }
            }
        }
        catch (NpgsqlException)
        {
            // Whoever asks has something more important to say.
        }

        return new TableDescription(null, null);
    }
}
