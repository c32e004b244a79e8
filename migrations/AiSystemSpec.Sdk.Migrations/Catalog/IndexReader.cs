using AiSystemSpec.Sdk.Migrations.Connections;
using AiSystemSpec.Sdk.Specification;

namespace AiSystemSpec.Sdk.Migrations.Catalog;

/// <summary>
/// Reads the indexes of the three tables; inside <see cref="Session.ReadAsync"/>, since definitions are printed by the
/// <c>search_path</c>.
/// </summary>
internal static class IndexReader
{
    /// <summary>What the query begins with.</summary>
    public const string Beginning = "SELECT i.relname::text, t.relname::text";

    private const string Read = $"""
        {Beginning}, x.indisvalid AND x.indisready, x.indisunique, x.indisprimary, x.indpred IS NOT NULL,
               ARRAY(SELECT coalesce(a.attname::text, '')
                     FROM unnest(x.indkey::int2[]) WITH ORDINALITY AS k(number, place)
                     LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.number AND k.number > 0
                     WHERE k.place <= x.indnkeyatts ORDER BY k.place),
               pg_catalog.pg_get_indexdef(i.oid),
               (SELECT k.conname::text FROM pg_catalog.pg_constraint k WHERE k.conindid = i.oid AND k.contype IN ('p', 'u', 'x') LIMIT 1),
               x.indimmediate, i.relispartition,
               EXISTS (SELECT FROM pg_catalog.pg_constraint k WHERE k.conindid = i.oid AND k.contype = 'f'), x.indisreplident
        FROM pg_catalog.pg_index x
        JOIN pg_catalog.pg_class i ON i.oid = x.indexrelid
        JOIN pg_catalog.pg_class t ON t.oid = x.indrelid
        JOIN pg_catalog.pg_namespace n ON n.oid = t.relnamespace
        WHERE n.nspname = $1 AND t.relname = ANY ($2)
        ORDER BY 2, 1
        """;

    public static Task<List<FoundIndex>> ReadAsync(Session session, CancellationToken cancellationToken) => session.QueryAsync(
        Read,
        reader => new FoundIndex(
            reader.GetString(0),
            reader.GetString(1),
            reader.GetBoolean(2),
            reader.GetBoolean(3),
            reader.GetBoolean(4),
            reader.GetBoolean(5),
            reader.GetFieldValue<string[]>(6),
            reader.GetString(7))
        {
            Constraint = reader.IsDBNull(8) ? null : reader.GetString(8),
            IsImmediate = reader.GetBoolean(9),
            IsAttached = reader.GetBoolean(10),
            IsReferenced = reader.GetBoolean(11),
            IsReplicaIdentity = reader.GetBoolean(12),
        },
        cancellationToken,
        Schema.Name,
        Schema.Tables);

    public static async Task<FoundIndex?> FindAsync(Session session, string name, CancellationToken cancellationToken) =>
        (await ReadAsync(session, cancellationToken).ConfigureAwait(false)).Find(index => string.Equals(index.Name, name, StringComparison.Ordinal));
}
