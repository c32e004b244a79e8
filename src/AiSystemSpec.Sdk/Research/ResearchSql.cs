using System.Globalization;
using AiSystemSpec.Sdk.Connections;
using AiSystemSpec.Sdk.Persistence;
using static AiSystemSpec.Sdk.Persistence.Schema;

namespace AiSystemSpec.Sdk.Research;

/// <summary>
/// The statements of the hot paths. Functions are qualified as tables are: a hostile <c>search_path</c> may hold others of their name.
/// </summary>
internal static class ResearchSql
{
    /// <summary>What stands behind all dated rows in the schema's order: it can never be fresh, but it is research.</summary>
    public const string LookUndated =
        $"""
        SELECT {Columns.Id}, {Columns.Content}
        FROM {Table}
        WHERE {IsTopic} AND {Columns.CreatedAt} IS NULL
        ORDER BY {Columns.Id} DESC
        LIMIT 1
        """;

    /// <summary>Appends. A conflict is a repetition of the same id, or a UNIQUE index on topic that was not known yet: both return no row.</summary>
    public const string Append =
        $"""
        INSERT INTO {Table} ({Columns.Id}, {Columns.Topic}, {Columns.Content}) VALUES ($1, $2, $3)
        ON CONFLICT DO NOTHING
        RETURNING {Columns.Id}, {Columns.CreatedAt}
        """;

    /// <summary>Finds what a repeated append has stored before.</summary>
    public const string FindById = $"SELECT {Columns.Id}, {Columns.CreatedAt}, {StandbyConfirmation.WaitSql} FROM {Table} WHERE {Columns.Id} = $1";

    public const string Remove = $"DELETE FROM {Table} WHERE {IsTopic}";

    /// <summary>All rows of a topic, for EF to page through.</summary>
    public const string RowsOfTopic =
        $$"""
        SELECT * FROM {{Table}}
        WHERE {{Columns.Topic}} = {0} AND pg_catalog."left"({{Columns.Topic}}, {{Indexed}}) = pg_catalog."left"({0}, {{Indexed}})
        """;

    /// <summary>The UNIQUE indexes on topic alone, on the column or an expression, with their predicate.</summary>
    public const string UniqueTopicIndexes =
        $"""
        SELECT pg_catalog.pg_get_indexdef(i.indexrelid, 1, false), pg_catalog.pg_get_expr(i.indpred, i.indrelid), i.indkey[0] = 0
        FROM pg_catalog.pg_index AS i
        JOIN pg_catalog.pg_class AS c ON c.oid = i.indrelid
        JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
        JOIN pg_catalog.pg_attribute AS t ON t.attrelid = c.oid AND t.attname = '{Columns.Topic}'
        WHERE n.nspname = '{Schema.Name}' AND c.relname = '{Schema.ResearchCache}'
          AND i.indisunique AND i.indisvalid AND i.indisready AND i.indimmediate AND i.indnkeyatts = 1
          AND (i.indkey[0] = t.attnum OR (i.indkey[0] = 0 AND EXISTS (
            SELECT FROM pg_catalog.pg_depend AS d
            WHERE d.objid = i.indexrelid AND d.refobjid = c.oid AND d.refobjsubid = t.attnum)))
        ORDER BY i.indpred IS NOT NULL, i.indkey[0] = 0
        LIMIT 1
        """;

    /// <summary>
    /// The newest dated row of a topic and the database's clock. Rows without a moment come last in the order of the schema,
    /// and can never be fresh: leaving them out lets the index answer.
    /// </summary>
    private const string Look =
        $"""
        SELECT {Columns.Id}, {Columns.Content}, {Columns.CreatedAt}, pg_catalog.now()
        FROM {Table}
        WHERE {IsTopic} AND {NewestFirst}
        """;

    /// <summary>
    /// The same for a topic that the index holds whole. Where the first 256 characters of a stored topic are fewer than 256, they are all
    /// of it: comparing them is enough, and planning one condition takes the server a quarter less than planning two.
    /// </summary>
    private const string LookShort =
        $"""
        SELECT {Columns.Id}, {Columns.Content}, {Columns.CreatedAt}, pg_catalog.now()
        FROM {Table}
        WHERE pg_catalog."left"({Columns.Topic}, {Indexed}) = $1 AND {NewestFirst}
        """;

    /// <summary>The newest dated row of each of many topics: the lateral subquery probes the index once a topic.</summary>
    private const string LookMany =
        $"""
        {ManySelected}
          WHERE {Columns.Topic} = wanted.topic
            AND pg_catalog."left"({Columns.Topic}, {Indexed}) = pg_catalog."left"(wanted.topic, {Indexed})
            AND {NewestFirst}) AS newest
        """;

    /// <summary>The same where the index holds every one of the topics whole, as in <see cref="LookShort"/>.</summary>
    private const string LookManyShort =
        $"""
        {ManySelected}
          WHERE pg_catalog."left"({Columns.Topic}, {Indexed}) = wanted.topic AND {NewestFirst}) AS newest
        """;

    private const string ManySelected =
        $"""
        SELECT wanted.ordinal, newest.{Columns.Id}, newest.{Columns.Content}, newest.{Columns.CreatedAt}, pg_catalog.now()
        FROM pg_catalog.unnest($1) WITH ORDINALITY AS wanted (topic, ordinal)
        CROSS JOIN LATERAL (
          SELECT {Columns.Id}, {Columns.Content}, {Columns.CreatedAt}
          FROM {Table}
        """;

    private const string NewestFirst = $"{Columns.CreatedAt} IS NOT NULL ORDER BY {Columns.CreatedAt} DESC, {Columns.Id} DESC LIMIT 1";

    private const string Table = $"{Schema.Name}.{Schema.ResearchCache}";

    // The bounded expression is what the index holds; the whole value is compared beside it.
    private const string IsTopic =
        $"""
        {Columns.Topic} = $1 AND pg_catalog."left"({Columns.Topic}, {Indexed}) = pg_catalog."left"($1, {Indexed})
        """;

    private const string Indexed = IndexedLength;

    private static readonly int IndexedCharacters = int.Parse(IndexedLength, CultureInfo.InvariantCulture);

    /// <summary>The statement that looks up one topic.</summary>
    public static string LookUp(string topic, bool isIndexed = true) => isIndexed && IsIndexedWhole(topic) ? LookShort : Look;

    /// <summary>The statement that looks up many topics at once.</summary>
    public static string LookUp(string[] topics, bool isIndexed = true) => isIndexed && Array.TrueForAll(topics, IsIndexedWhole) ? LookManyShort : LookMany;

    /// <summary>Stores on a database with a UNIQUE index on topic: the one row is refreshed, by the clock and not by the transaction's begin, so that it never goes back.</summary>
    public static string Refresh(string key, string? predicate) =>
        $"""
        INSERT INTO {Table} AS entry ({Columns.Id}, {Columns.Topic}, {Columns.Content}) VALUES ($1, $2, $3)
        ON CONFLICT ({key}){(predicate is null ? "" : $" WHERE {predicate}")} DO UPDATE
        SET {Columns.Topic} = EXCLUDED.{Columns.Topic}, {Columns.Content} = EXCLUDED.{Columns.Content}, {Columns.CreatedAt} = pg_catalog.clock_timestamp()
        RETURNING entry.{Columns.Id}, entry.{Columns.CreatedAt}
        """;

    // UTF-16 units are never fewer than the characters that PostgreSQL counts.
    private static bool IsIndexedWhole(string topic) => topic.Length < IndexedCharacters;
}
