using AiSystemSpec.Sdk.Specification;
using static AiSystemSpec.Sdk.Specification.Schema;

namespace AiSystemSpec.Sdk.Research.Similarity;

/// <summary>The statements of the search; the extension's schema is found, never guessed.</summary>
internal static class SimilaritySql
{
    public const string FindExtension =
        """
        SELECT pg_catalog.quote_ident(n.nspname) FROM pg_catalog.pg_extension AS e
        JOIN pg_catalog.pg_namespace AS n ON n.oid = e.extnamespace WHERE e.extname = 'pg_trgm'
        """;

    /// <summary>For the transaction only: a plain SET would reach other clients of a pooler.</summary>
    public const string SetThreshold = "SELECT pg_catalog.set_config('pg_trgm.similarity_threshold', $1, true)";

    /// <summary>The contents of rows that were chosen.</summary>
    public const string Read =
        $"SELECT {Columns.Id}, {Columns.Topic}, {Columns.Content}, {Columns.CreatedAt} FROM {Schema.Name}.{Schema.ResearchCache} WHERE {Columns.Id} = ANY ($1)";

    // Two spellings are two topics, whatever the column's collation takes for one.
    private const string Bytewise = "COLLATE pg_catalog.\"C\"";

    // Freshness is judged after reading, by the one rule: enough candidates for that, and a bound.
    private const string MaxCandidates = "5000";

    /// <summary>
    /// The topics that are like the given one, most similar first, each as its newest dated row: which one, and when it was written.
    /// </summary>
    public static string Find(string schema) =>
        $"""
        SELECT newest.{Columns.Id}, newest.{Columns.CreatedAt}, {schema}.similarity(alike.topic, $1) AS similarity, pg_catalog.now()
        FROM (
          SELECT DISTINCT ON (entry.{Columns.Topic} {Bytewise}) entry.{Columns.Topic} AS topic
          FROM {Schema.Name}.{Schema.ResearchCache} AS entry
          WHERE entry.{Columns.Topic} OPERATOR({schema}.%) $1 AND entry.{Columns.Topic} {Bytewise} <> $2) AS alike
        CROSS JOIN LATERAL (
          SELECT entry.{Columns.Id}, entry.{Columns.CreatedAt}
          FROM {Schema.Name}.{Schema.ResearchCache} AS entry
          WHERE entry.{Columns.Topic} = alike.topic
            AND pg_catalog."left"(entry.{Columns.Topic}, {IndexedLength}) = pg_catalog."left"(alike.topic, {IndexedLength})
            AND entry.{Columns.Topic} {Bytewise} = alike.topic
            AND entry.{Columns.CreatedAt} IS NOT NULL
          ORDER BY entry.{Columns.CreatedAt} DESC, entry.{Columns.Id} DESC
          LIMIT 1) AS newest
        ORDER BY similarity DESC, alike.topic {Bytewise}
        LIMIT {MaxCandidates}
        """;
}
