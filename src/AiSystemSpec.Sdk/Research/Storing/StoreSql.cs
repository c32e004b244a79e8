using AiSystemSpec.Sdk.Connections;
using AiSystemSpec.Sdk.Specification;
using static AiSystemSpec.Sdk.Specification.Schema;

namespace AiSystemSpec.Sdk.Research.Storing;

/// <summary>
/// The statements that write an entry (id <c>$1</c>, topic <c>$2</c>, content <c>$3</c>, its beginning <c>$4</c>) and return what stands in the table then.
/// </summary>
internal static class StoreSql
{
    /// <summary>Finds what a repeated append has stored before.</summary>
    public const string FindById = $"SELECT {Columns.Id}, {Columns.CreatedAt}, {StandbyConfirmation.WaitSql} FROM {Table} WHERE {Columns.Id} = $1";

    /// <summary>
    /// Appends. A conflict is a repetition of the same id, or a UNIQUE index on topic that was not known yet: both return no row.
    /// </summary>
    public const string Append =
        $"""
        INSERT INTO {Table} AS entry ({Columns.Id}, {Columns.Topic}, {Columns.Content}) VALUES ($1, $2, $3)
        ON CONFLICT DO NOTHING
        RETURNING {Stored}
        """;

    /// <summary>The same where the table has something that ON CONFLICT does not go with: a deferrable constraint, or a rule.</summary>
    public const string AppendPlainly =
        $"""
        INSERT INTO {Table} AS entry ({Columns.Id}, {Columns.Topic}, {Columns.Content})
        SELECT $1, $2, $3 WHERE NOT EXISTS (SELECT FROM {Table} WHERE {Columns.Id} = $1)
        RETURNING {Stored}
        """;

    /// <summary>
    /// Refreshes the topic's row, or makes it, where a deferrable UNIQUE on topic rules out ON CONFLICT. Of two at once that make it, one
    /// must try again.
    /// </summary>
    public const string RefreshPlainly =
        $"""
        WITH refreshed AS (
          UPDATE {Table} AS entry SET {Columns.Topic} = $2, {Columns.Content} = $3, {Columns.CreatedAt} = pg_catalog.clock_timestamp()
          WHERE entry.{Columns.Topic} = $2
          RETURNING {Stored}),
        added AS (
          INSERT INTO {Table} AS entry ({Columns.Id}, {Columns.Topic}, {Columns.Content})
          SELECT $1, $2, $3 WHERE NOT EXISTS (SELECT FROM refreshed)
          RETURNING {Stored})
        SELECT * FROM refreshed UNION ALL SELECT * FROM added
        """;

    /// <summary>Compares a stored row (id <c>$1</c>) with the content that it was given (<c>$2</c>), and says what time it is.</summary>
    public const string Compare = $"SELECT pg_catalog.now(), {Columns.Content} = $2 {Bytewise} FROM {Table} WHERE {Columns.Id} = $1";

    /// <summary>How far a moment may be off: one that is cut to the minute is no reason to pay twice.</summary>
    public static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(1);

    // By which the client judges whether the row is as it was given, and of now. Not the whole content: to compare it would cost every
    // caller.
    private const string Stored =
        $"""
        entry.{Columns.Id}, entry.{Columns.CreatedAt}, entry.{Columns.Topic},
          pg_catalog.length(entry.{Columns.Content}), pg_catalog.starts_with(entry.{Columns.Content} {Bytewise}, $4), pg_catalog.now()
        """;

    private const string Table = $"{Schema.Name}.{Schema.ResearchCache}";

    private const string Bytewise = "COLLATE pg_catalog.\"C\"";

    /// <summary>
    /// Stores on a table with a UNIQUE index on topic: the one row is refreshed, by the clock and not by the transaction's begin, so that
    /// it never goes back.
    /// </summary>
    public static string Refresh(string key, string? predicate) =>
        $"""
        INSERT INTO {Table} AS entry ({Columns.Id}, {Columns.Topic}, {Columns.Content}) VALUES ($1, $2, $3)
        ON CONFLICT ({key}){(predicate is null ? "" : $" WHERE {predicate}")} DO UPDATE
        SET {Columns.Topic} = EXCLUDED.{Columns.Topic}, {Columns.Content} = EXCLUDED.{Columns.Content}, {Columns.CreatedAt} = pg_catalog.clock_timestamp()
        RETURNING {Stored}
        """;
}
