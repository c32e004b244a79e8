using AiSystemSpec.Sdk.Migrations.Connections;
using AiSystemSpec.Sdk.Specification;
using Npgsql;

namespace AiSystemSpec.Sdk.Migrations.Catalog;

/// <summary>
/// Reads everything about the three tables from the catalog; inside <see cref="Session.ReadAsync"/>, since types are printed by the
/// <c>search_path</c>.
/// </summary>
internal static class TableReader
{
    /// <summary>What its queries begin with, but for the indexes'.</summary>
    public const string Beginning = "SELECT c.relname::text";

    private const string Tables = $"""
        {Beginning}, c.relkind, pg_catalog.pg_get_userbyid(c.relowner)::text, pg_catalog.pg_has_role(c.relowner, 'USAGE'),
               pg_catalog.has_table_privilege(c.oid, 'SELECT'), c.relrowsecurity,
               CASE WHEN c.relkind = 'p' THEN pg_catalog.pg_get_partkeydef(c.oid) END,
               ARRAY(SELECT i.inhparent::regclass::text FROM pg_catalog.pg_inherits i WHERE i.inhrelid = c.oid), c.relispartition,
               ARRAY(SELECT i.inhrelid::regclass::text FROM pg_catalog.pg_inherits i WHERE i.inhparent = c.oid AND c.relkind = 'r'),
               c.relpersistence = 'u', c.relreplident,
               ARRAY(SELECT p.pubname::text FROM pg_catalog.pg_publication p JOIN pg_catalog.pg_publication_tables t ON t.pubname = p.pubname
                     WHERE t.schemaname = n.nspname AND t.tablename = c.relname AND (p.pubupdate OR p.pubdelete) ORDER BY 1),
               ARRAY(SELECT pg_catalog.pg_get_ruledef(w.oid) FROM pg_catalog.pg_rewrite w WHERE w.ev_class = c.oid AND w.ev_type <> '1' AND c.relkind IN ('r', 'p')),
               current_user::text,
               ARRAY(SELECT o.relname::text FROM pg_catalog.pg_class o WHERE o.relnamespace = n.oid AND pg_catalog.starts_with(o.relname::text, c.relname::text || '_id_key'))
        FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = $1 AND c.relname = ANY ($2)
        ORDER BY 1
        """;

    private const string Columns = $"""
        {Beginning}, a.attname::text, pg_catalog.format_type(coalesce(nullif(t.typbasetype, 0), t.oid), CASE WHEN t.typbasetype <> 0 THEN t.typtypmod ELSE a.atttypmod END),
               a.attnotnull, CASE WHEN a.attidentity <> '' THEN 'generated as identity' ELSE pg_catalog.pg_get_expr(d.adbin, d.adrelid) END,
               CASE WHEN t.typtype = 'd' THEN pg_catalog.format_type(t.oid, NULL) END,
               t.typnotnull OR EXISTS (SELECT FROM pg_catalog.pg_constraint k WHERE k.contypid = t.oid),
               coalesce(nullif(a.attidentity::text, ''), ' '), coalesce(nullif(a.attgenerated::text, ''), ' '), a.attinhcount > 0,
               (SELECT pg_catalog.format('%I.%I', ln.nspname, l.collname) FROM pg_catalog.pg_collation l JOIN pg_catalog.pg_namespace ln ON ln.oid = l.collnamespace
                WHERE l.oid = a.attcollation AND NOT l.collisdeterministic),
               ARRAY(SELECT DISTINCT pg_catalog.pg_describe_object(p.classid, p.objid, p.objsubid) FROM pg_catalog.pg_depend p
                     WHERE p.refclassid = 'pg_catalog.pg_class'::regclass AND p.refobjid = c.oid AND p.refobjsubid = a.attnum AND
                       CASE p.classid
                         WHEN 'pg_catalog.pg_rewrite'::regclass THEN true
                         WHEN 'pg_catalog.pg_policy'::regclass THEN true
                         WHEN 'pg_catalog.pg_trigger'::regclass THEN true
                         WHEN 'pg_catalog.pg_proc'::regclass THEN true
                         WHEN 'pg_catalog.pg_publication_rel'::regclass THEN true
                         WHEN 'pg_catalog.pg_attrdef'::regclass THEN NOT EXISTS (
                           SELECT FROM pg_catalog.pg_attrdef o WHERE o.oid = p.objid AND o.adrelid = c.oid AND o.adnum = a.attnum)
                         WHEN 'pg_catalog.pg_constraint'::regclass THEN EXISTS (
                           SELECT FROM pg_catalog.pg_constraint k WHERE k.oid = p.objid AND k.contype IN ('f', 'c', 'x'))
                         WHEN 'pg_catalog.pg_class'::regclass THEN EXISTS (
                           SELECT FROM pg_catalog.pg_index x WHERE x.indexrelid = p.objid AND (x.indexprs IS NOT NULL OR x.indpred IS NOT NULL))
                         ELSE false END
                     ORDER BY 1),
               ARRAY(SELECT pg_catalog.pg_describe_object('pg_catalog.pg_class'::regclass, x.indexrelid, 0)
                     FROM pg_catalog.pg_index x JOIN pg_catalog.pg_class i ON i.oid = x.indexrelid JOIN pg_catalog.pg_am m ON m.oid = i.relam
                     WHERE x.indrelid = c.oid AND a.attnum = ANY (x.indkey::int2[]) AND (
                       m.amname NOT IN ('btree', 'hash', 'brin') OR EXISTS (
                         SELECT FROM unnest(x.indclass::oid[]) AS k(oid) JOIN pg_catalog.pg_opclass o ON o.oid = k.oid WHERE NOT o.opcdefault))
                     ORDER BY 1)
        FROM pg_catalog.pg_attribute a
        JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
        JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
        JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
        WHERE n.nspname = $1 AND c.relname = ANY ($2) AND a.attnum > 0 AND NOT a.attisdropped
        ORDER BY 1, a.attnum
        """;

    private const string Constraints = $"""
        {Beginning}, k.conname::text, k.contype, pg_catalog.pg_get_constraintdef(k.oid), pg_catalog.pg_get_expr(k.conbin, k.conrelid),
               ARRAY(SELECT a.attname::text FROM pg_catalog.pg_attribute a WHERE a.attrelid = c.oid AND a.attnum = ANY (k.conkey) ORDER BY 1), k.coninhcount > 0
        FROM pg_catalog.pg_constraint k
        JOIN pg_catalog.pg_class c ON c.oid = k.conrelid
        JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = $1 AND c.relname = ANY ($2) AND k.contype IN ('c', 'f', 'x')
        ORDER BY 1, 2
        """;

    // tgtype: 1 for each row, 2 before, 4 insert, 8 delete, 16 update.
    private const string Triggers = $"""
        {Beginning}, t.tgname::text, (t.tgtype & 3) = 3 AND (t.tgtype & 28) <> 0, pg_catalog.pg_get_triggerdef(t.oid), t.tgfoid::regprocedure::text
        FROM pg_catalog.pg_trigger t
        JOIN pg_catalog.pg_class c ON c.oid = t.tgrelid
        JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = $1 AND c.relname = ANY ($2) AND NOT t.tgisinternal AND t.tgenabled IN ('O', 'A') AND c.relkind IN ('r', 'p')
        ORDER BY 1, 2
        """;


    public static async Task<List<FoundTable>> ReadAsync(Session session, CancellationToken cancellationToken)
    {
        var columns = await session.QueryAsync(Columns, ReadColumn, cancellationToken, Schema.Name, Schema.Tables).ConfigureAwait(false);
        var constraints = await session.QueryAsync(Constraints, ReadConstraint, cancellationToken, Schema.Name, Schema.Tables).ConfigureAwait(false);
        var triggers = await session.QueryAsync(
            Triggers,
            reader => new FoundTrigger(reader.GetString(0), reader.GetString(1), reader.GetBoolean(2), reader.GetString(3), reader.GetString(4)),
            cancellationToken,
            Schema.Name,
            Schema.Tables).ConfigureAwait(false);
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
                constraints.FindAll(constraint => IsOn(reader.GetString(0), constraint.Table)))
            {
                PartitionKey = Text(reader, 6),
                Parents = reader.GetFieldValue<string[]>(7),
                IsPartition = reader.GetBoolean(8),
                Children = reader.GetFieldValue<string[]>(9),
                IsUnlogged = reader.GetBoolean(10),
                ReplicaIdentity = reader.GetChar(11),
                Publications = reader.GetFieldValue<string[]>(12),
                Rules = reader.GetFieldValue<string[]>(13),
                CurrentRole = reader.GetString(14),
                KeyNames = reader.GetFieldValue<string[]>(15),
                Triggers = triggers.FindAll(trigger => IsOn(reader.GetString(0), trigger.Table)),
            },
            cancellationToken,
            Schema.Name,
            Schema.Tables).ConfigureAwait(false);
    }

    private static FoundColumn ReadColumn(NpgsqlDataReader reader) =>
        new(reader.GetString(0), reader.GetString(1), reader.GetString(2), reader.GetBoolean(3), Text(reader, 4))
        {
            Domain = Text(reader, 5),
            IsDomainStrict = reader.GetBoolean(6),
            Identity = reader.GetString(7)[0],
            Generated = reader.GetString(8)[0],
            IsInherited = reader.GetBoolean(9),
            NondeterministicCollation = Text(reader, 10),
            Dependents = reader.GetFieldValue<string[]>(11),
            BoundIndexes = reader.GetFieldValue<string[]>(12),
        };

    private static FoundConstraint ReadConstraint(NpgsqlDataReader reader) => new(
        reader.GetString(0), reader.GetString(1), reader.GetChar(2), reader.GetString(3), Text(reader, 4), reader.GetFieldValue<string[]>(5), reader.GetBoolean(6));

    private static string? Text(NpgsqlDataReader reader, int ordinal) => reader.IsDBNull(ordinal) ? null : reader.GetString(ordinal);

    private static bool IsOn(string table, string other) => string.Equals(table, other, StringComparison.Ordinal);
}
