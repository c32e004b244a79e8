using AiSystemSpec.Sdk.Connections;
using AiSystemSpec.Sdk.Specification;
using AiSystemSpec.Sdk.Wire;
using Npgsql;
using static AiSystemSpec.Sdk.Specification.Schema;

namespace AiSystemSpec.Sdk.Research.Storing;

/// <summary>How a row is written to the table as it is.</summary>
/// <param name="Sql">The statement.</param>
/// <param name="IsRefreshing">
/// Whether it updates rows that others update too: it then rests on READ COMMITTED, whatever the database's default is.
/// </param>
internal sealed record StoreShape(string Sql, bool IsRefreshing)
{
    /// <summary>The table as the schema has it.</summary>
    public static readonly StoreShape Canonical = new(StoreSql.Append, IsRefreshing: false);

    /// <summary>
    /// Whether the table has what ON CONFLICT does not go with; and its UNIQUE indexes that cover the topic, the named one first: a
    /// conflict there means a row of this very topic. Of an expression, the text is looked at, too: a predicate that names the topic is
    /// not enough.
    /// </summary>
    private const string LearnSql =
        $"""
        SELECT
          EXISTS (
            SELECT FROM pg_catalog.pg_index AS d
            WHERE d.indrelid = c.oid AND (d.indisunique OR d.indisexclusion) AND NOT d.indimmediate)
          OR EXISTS (
            SELECT FROM pg_catalog.pg_rewrite AS r WHERE r.ev_class = c.oid AND r.ev_type IN ('2', '3') AND r.ev_enabled <> 'D'),
          u.key, u.predicate, u.immediate
        FROM pg_catalog.pg_class AS c
        LEFT JOIN LATERAL (
          SELECT
            (SELECT pg_catalog.string_agg(
               CASE WHEN i.indkey[k - 1] = 0 THEN '(' || pg_catalog.pg_get_indexdef(i.indexrelid, k, false) || ')'
                 ELSE pg_catalog.pg_get_indexdef(i.indexrelid, k, false) END, ', ' ORDER BY k)
             FROM pg_catalog.generate_series(1, i.indnkeyatts) AS k) AS key,
            pg_catalog.pg_get_expr(i.indpred, i.indrelid) AS predicate,
            i.indimmediate AS immediate
          FROM pg_catalog.pg_index AS i
          JOIN pg_catalog.pg_class AS n ON n.oid = i.indexrelid
          JOIN pg_catalog.pg_attribute AS t ON t.attrelid = c.oid AND t.attname = '{Columns.Topic}'
          WHERE i.indrelid = c.oid AND i.indisunique AND i.indisvalid AND i.indisready
            AND EXISTS (
              SELECT FROM pg_catalog.generate_series(1, i.indnkeyatts) AS k
              WHERE i.indkey[k - 1] = t.attnum
                OR (i.indkey[k - 1] = 0 AND pg_catalog.pg_get_indexdef(i.indexrelid, k, false) ~ '\m{Columns.Topic}\M'))
          ORDER BY n.relname = $1 DESC, i.indimmediate DESC, i.indnkeyatts, i.indpred IS NOT NULL, i.indkey[0] = 0
          LIMIT 1) AS u ON true
        WHERE c.oid = pg_catalog.to_regclass('{Schema.Name}.{Schema.ResearchCache}')
        """;

    /// <summary>Whether trying the same again may do: two that make a topic's first row at once.</summary>
    public bool MayRace => ReferenceEquals(Sql, StoreSql.RefreshPlainly);

    /// <summary>Looks at the table.</summary>
    /// <param name="database">The database.</param>
    /// <param name="connection">An open connection.</param>
    /// <param name="constraint">The constraint that refused a row, where it is known.</param>
    /// <param name="cancellationToken">Cancels the look.</param>
    public static async Task<StoreShape> LearnAsync(
        Database database, NpgsqlConnection connection, string? constraint, CancellationToken cancellationToken)
    {
        using var command = database.CreateCommand(connection, LearnSql);
        command.Parameters.Add(PgParameter.Text(constraint ?? ""));
        var reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        await using (reader.ConfigureAwait(false))
        {
            if (!await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
            {
                return Canonical;
            }

            var (isPlain, key) = (reader.GetBoolean(0), reader.GetTextOrNull(1));
            if (key is not null && reader.GetBoolean(3))
            {
                return new StoreShape(StoreSql.Refresh(key, reader.GetTextOrNull(2)), IsRefreshing: true);
            }

            if (!isPlain)
            {
                return Canonical;
            }

            return key is Columns.Topic or $"\"{Columns.Topic}\"" // with quote_all_identifiers
                ? new StoreShape(StoreSql.RefreshPlainly, IsRefreshing: true)
                : new StoreShape(StoreSql.AppendPlainly, IsRefreshing: false);
        }
    }
}
