using System.Globalization;
using System.Text;
using AiSystemSpec.Sdk.Specification;
using static AiSystemSpec.Sdk.Specification.Schema;

namespace AiSystemSpec.Sdk.Research.Table;

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

    public const string Remove = $"DELETE FROM {Table} WHERE {IsTopic}";

    /// <summary>All rows of a topic, for EF to page through.</summary>
    public const string RowsOfTopic =
        $$"""
        SELECT * FROM {{Table}}
        WHERE {{Columns.Topic}} = {0} AND pg_catalog."left"({{Columns.Topic}}, {{Indexed}}) = pg_catalog."left"({0}, {{Indexed}})
          AND {{Columns.Topic}} = {0} {{Bytewise}}
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
            AND {Columns.Topic} = wanted.topic {Bytewise}
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

    /// <summary>
    /// The same without a subquery for each topic, which a table that is distributed over several servers (Citus) refuses: it reads all
    /// versions. Of a column that takes several spellings for one, it returns more than was asked for.
    /// </summary>
    private const string LookManyDistributed = $"{DistributedSelected} {Columns.Topic} = ANY ($1) {DistributedOrdered}";

    /// <summary>The same where the index holds every one of the topics whole.</summary>
    private const string LookManyShortDistributed = $"""{DistributedSelected} pg_catalog."left"({Columns.Topic}, {Indexed}) = ANY ($1) {DistributedOrdered}""";

    private const string DistributedSelected =
        $"""
        SELECT DISTINCT ON ({Columns.Topic} {Bytewise}) {Columns.Topic}, {Columns.Id}, {Columns.Content}, {Columns.CreatedAt}, pg_catalog.now()
        FROM {Table}
        WHERE
        """;

    private const string DistributedOrdered =
        $"AND {Columns.CreatedAt} IS NOT NULL ORDER BY {Columns.Topic} {Bytewise}, {Columns.CreatedAt} DESC, {Columns.Id} DESC";

    private const string Table = $"{Schema.Name}.{Schema.ResearchCache}";

    // Two spellings are one topic only where every byte is: the column's own collation may say otherwise.
    private const string Bytewise = "COLLATE pg_catalog.\"C\"";

    // The bounded expression is what the index holds, by the column's own collation; the whole value is compared beside it.
    private const string IsTopic =
        $"""
        {Columns.Topic} = $1 AND pg_catalog."left"({Columns.Topic}, {Indexed}) = pg_catalog."left"($1, {Indexed}) AND {Columns.Topic} = $1 {Bytewise}
        """;

    private const string Indexed = IndexedLength;

    private static readonly int IndexedCharacters = int.Parse(IndexedLength, CultureInfo.InvariantCulture);

    /// <summary>The statement that looks up one topic.</summary>
    public static string LookUp(string topic, bool isIndexed = true) => isIndexed && IsIndexedWhole(topic) ? LookShort : Look;

    /// <summary>The statement that looks up many topics at once.</summary>
    public static string LookUp(string[] topics, bool isIndexed = true) =>
        isIndexed && Array.TrueForAll(topics, IsIndexedWhole) ? LookManyShort : LookMany;

    /// <summary>The same for a distributed table.</summary>
    public static string LookUpDistributed(string[] topics, bool isIndexed) =>
        isIndexed && Array.TrueForAll(topics, IsIndexedWhole) ? LookManyShortDistributed : LookManyDistributed;

    // By its bytes: PostgreSQL counts characters, which are never more, but a database without an encoding (SQL_ASCII) counts bytes.
    private static bool IsIndexedWhole(string topic) =>
        topic.Length < IndexedCharacters / 3 || (topic.Length < IndexedCharacters && Encoding.UTF8.GetByteCount(topic) < IndexedCharacters);
}
