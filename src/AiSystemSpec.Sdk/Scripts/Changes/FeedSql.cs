using AiSystemSpec.Sdk.Specification;
using static AiSystemSpec.Sdk.Specification.Schema;

namespace AiSystemSpec.Sdk.Scripts.Changes;

/// <summary>
/// The statements of the feed. Each takes its snapshot and its rows at once: two statements are two snapshots, and what is committed
/// between them is in neither.
/// </summary>
internal static class FeedSql
{
    private const string Table = $"{Schema.Name}.{Schema.Scripts}";

    /// <summary>
    /// The snapshot, and in which life of which table it was taken. The server's start alone would not do: after the crash of one of its
    /// processes it recovers, and gives out ids again, without a new start; but it forgets its statistics then, and notes when. On a
    /// standby a snapshot does not list the open transactions: how far it has replayed stands for them.
    /// </summary>
    private const string Now =
        $"""
        SELECT s.database, s.mark, s.lowest, s.highest, s.snapshot, s.now,
          s.highest + (((pg_catalog.age('3'::pg_catalog.xid)::pg_catalog.int8 + 3 - s.highest + 2147483648) & 4294967295) - 2147483648) AS next
        FROM (
          SELECT pg_catalog.current_database()::pg_catalog.text AS database,
            pg_catalog.concat_ws(' ', '{Table}'::pg_catalog.regclass::pg_catalog.oid,
              (SELECT d.oid FROM pg_catalog.pg_database AS d WHERE d.datname = pg_catalog.current_database()),
              EXTRACT(epoch FROM pg_catalog.pg_postmaster_start_time()),
              EXTRACT(epoch FROM pg_catalog.pg_stat_get_bgwriter_stat_reset_time())) AS mark,
            pg_catalog.pg_snapshot_xmin(t.taken)::pg_catalog.text::pg_catalog.int8 AS lowest,
            pg_catalog.pg_snapshot_xmax(t.taken)::pg_catalog.text::pg_catalog.int8 AS highest,
            pg_catalog.concat_ws(' ', t.taken, CASE WHEN pg_catalog.pg_is_in_recovery() THEN pg_catalog.pg_last_wal_replay_lsn() END) AS snapshot,
            pg_catalog.now() AS now
          FROM (SELECT pg_catalog.pg_current_snapshot() AS taken) AS t) AS s
        """;

    /// <summary>
    /// The rows with the ids of their transactions, widened to 64 bits by their distance from the next one. <c>age</c> counts it in a
    /// third of the time that a cast by way of text takes. It has no sign here: an id from before a wraparound that is taken for a newer
    /// one makes a script come twice, never not at all.
    /// </summary>
    private const string Rows =
        $"""
        SELECT s.{Columns.Id}, s.{Columns.CreatedAt}, pg_catalog.pg_column_size(s.{Columns.Content}) AS size,
          n.next - (pg_catalog.age(s.xmin)::pg_catalog.int8 & 4294967295) AS xid
        FROM {Table} AS s
        """;

    /// <summary>A row for the snapshot, and one for each key that the rest of a statement selects.</summary>
    private const string Select =
        $"""
        WITH n AS MATERIALIZED ({Now})
        SELECT n.database, n.mark, n.lowest, n.highest, n.snapshot, n.now, NULL, NULL, NULL, NULL FROM n
        UNION ALL
        SELECT NULL, NULL, NULL, NULL, NULL, NULL, k.{Columns.Id}, k.xid, k.{Columns.CreatedAt}, k.size FROM n CROSS JOIN LATERAL
        """;

    // What was seen is left out by the server, a bit for each transaction.
    private const string Unseen =
        """
        (r.xid, r.id) > ($1, $2)
          AND CASE WHEN r.xid >= $3 AND r.xid < $3 + 8 * pg_catalog.length($4) THEN pg_catalog.get_bit($4, r.xid - $3) = 0 ELSE true END
        """;

    /// <summary>What the table is, for how it can be read.</summary>
    public const string Look =
        $"""
        SELECT n.database, n.mark, n.lowest, n.highest, n.snapshot, n.now,
          NOT EXISTS (SELECT FROM pg_catalog.pg_extension AS e WHERE e.extname IN ('citus', 'orioledb'))
            AND pg_catalog.version() NOT LIKE '%-YB-%'
            AND (c.relkind = 'r' AND a.amname = 'heap'
              OR c.relkind = 'p' AND NOT EXISTS (
                SELECT FROM pg_catalog.pg_partition_tree(c.oid) AS p
                JOIN pg_catalog.pg_class AS m ON m.oid = p.relid
                LEFT JOIN pg_catalog.pg_am AS o ON o.oid = m.relam
                WHERE p.isleaf AND (m.relkind <> 'r' OR o.amname IS DISTINCT FROM 'heap'))) AS is_heap,
          f.atttypid = 'pg_catalog.timestamp'::pg_catalog.regtype AS is_local,
          EXISTS (
            SELECT FROM pg_catalog.pg_index AS i
            WHERE i.indrelid = c.oid AND i.indisvalid AND i.indpred IS NULL AND i.indkey[0] = f.attnum) AS is_indexed
        FROM ({Now}) AS n
        JOIN pg_catalog.pg_class AS c ON c.oid = '{Table}'::pg_catalog.regclass
        LEFT JOIN pg_catalog.pg_am AS a ON a.oid = c.relam
        JOIN pg_catalog.pg_attribute AS f ON f.attrelid = c.oid AND f.attname = '{Columns.CreatedAt}'
        """;

    /// <summary>Scripts by transaction, behind a place: those of transactions that were not seen.</summary>
    public const string Following =
        $"""
        {Select}
        (SELECT * FROM ({Rows}) AS r WHERE {Unseen} ORDER BY r.xid, r.{Columns.Id} LIMIT $5) AS k
        """;

    /// <summary>The same of the last half minute by <c>created_at</c>, which an index leads to; but for some that were delivered so.</summary>
    public const string Recent =
        $"""
        {Select}
        (SELECT * FROM ({Rows} WHERE s.{Columns.CreatedAt} >= pg_catalog.now() - '30 seconds'::pg_catalog.interval AND s.{Columns.Id} <> ALL ($6)) AS r
        WHERE {Unseen} ORDER BY r.xid, r.{Columns.Id} LIMIT $5) AS k
        """;

    /// <summary>Scripts of transactions before a given one, oldest first: those without a moment.</summary>
    public const string BeginningUndated =
        $"""
        {Select}
        (SELECT * FROM ({Rows} WHERE s.{Columns.CreatedAt} IS NULL AND ($2 OR s.{Columns.Id} > $1)) AS r
        WHERE r.xid < $4 ORDER BY r.{Columns.Id} LIMIT $3) AS k
        """;

    /// <summary>And those with one.</summary>
    public const string BeginningDated =
        $"""
        {Select}
        (SELECT * FROM ({Rows} WHERE s.{Columns.CreatedAt} IS NOT NULL AND ($2 OR (s.{Columns.CreatedAt}, s.{Columns.Id}) > ($5, $1))) AS r
        WHERE r.xid < $4 ORDER BY r.{Columns.CreatedAt}, r.{Columns.Id} LIMIT $3) AS k
        """;

    private const string RowsWithoutXid =
        $"SELECT s.{Columns.Id}, 0::pg_catalog.int8, s.{Columns.CreatedAt}, pg_catalog.pg_column_size(s.{Columns.Content}) FROM {Table} AS s";

    /// <summary>Scripts oldest first, where rows have no transactions: those without a moment.</summary>
    public const string ByTimeUndated =
        $"{RowsWithoutXid} WHERE s.{Columns.CreatedAt} IS NULL AND ($2 OR s.{Columns.Id} > $1) ORDER BY s.{Columns.Id} LIMIT $3";

    /// <summary>And those with one.</summary>
    public const string ByTimeDated =
        $"""
        {RowsWithoutXid} WHERE s.{Columns.CreatedAt} IS NOT NULL AND ($2 OR (s.{Columns.CreatedAt}, s.{Columns.Id}) > ($4, $1))
        ORDER BY s.{Columns.CreatedAt}, s.{Columns.Id} LIMIT $3
        """;
}
