using System.Globalization;
using AiSystemSpec.Sdk.Connections;
using AiSystemSpec.Sdk.Connections.AdvisoryLocks;
using static AiSystemSpec.Sdk.Specification.Schema;

namespace AiSystemSpec.Sdk.Runs.Writing;

/// <summary>The statements that write <c>pipeline_runs</c>.</summary>
internal static class RunSql
{
    public const string Copy = $"COPY {Table} ({AllColumns}) FROM STDIN (FORMAT BINARY)";

    /// <summary>One row that is new, with its moment.</summary>
    public const string InsertNew = $"INSERT INTO {Table} ({AllColumns}) {ValuesAt}";

    /// <summary>Rows that are new: what COPY does, where it is refused.</summary>
    public const string InsertNewRows = $"INSERT INTO {Table} ({AllColumns}) SELECT {AllValues} FROM {Rows}";

    /// <summary>No row: fails as every row would, where a right or the table is missing.</summary>
    public const string InsertNone = $"INSERT INTO {Table} ({AllColumns}) SELECT {AllValues} FROM (SELECT {Nothing}) AS row ({AllColumns}) WHERE false";

    /// <summary>One row; the server stamps it.</summary>
    public const string Insert = $"INSERT INTO {Table} ({Content}) {Values} ON CONFLICT DO NOTHING RETURNING {Columns.CreatedAt}";

    /// <summary>One row with a moment of the caller's.</summary>
    public const string InsertAt = $"INSERT INTO {Table} ({AllColumns}) {ValuesAt} ON CONFLICT DO NOTHING RETURNING {Columns.CreatedAt}";

    /// <summary>Rows that may be there already; returns the ids of those that were not.</summary>
    public const string InsertMissing =
        $"""
        INSERT INTO {Table} ({AllColumns})
        SELECT {AllValues} FROM {DistinctRows}
        ON CONFLICT DO NOTHING RETURNING {Columns.Id}
        """;

    /// <summary>The same for a table without a unique index on the ids, whose writers take turns.</summary>
    public const string InsertMissingInTurn =
        $"""
        INSERT INTO {Table} ({AllColumns})
        SELECT {AllValues} FROM {DistinctRows}
        WHERE NOT EXISTS (SELECT FROM {Table} AS known WHERE known.{Columns.Id} = row.{Columns.Id})
        ON CONFLICT DO NOTHING RETURNING {Columns.Id}
        """;

    /// <summary>
    /// Which of the rows (by their place, from 1) are in the table as they are. A moment counts only where the caller gave it. A plain
    /// join, since distributed tables take no correlated sub-query over a function.
    /// </summary>
    public const string FindSame =
        $"""
        SELECT row.at FROM {Rows}
        JOIN {Table} AS known ON known.{Columns.Id} = row.{Columns.Id}
        WHERE known.{Columns.RunId} IS NOT DISTINCT FROM row.{Columns.RunId}
          AND known.{Columns.Stage} IS NOT DISTINCT FROM row.{Columns.Stage}
          AND known.{Columns.Status} IS NOT DISTINCT FROM row.{Columns.Status}
          AND known.{Columns.Attempts} IS NOT DISTINCT FROM row.{Columns.Attempts}
          AND known.{Columns.InputRefs} IS NOT DISTINCT FROM row.{Columns.InputRefs}::pg_catalog.jsonb
          AND known.{Columns.OutputRefs} IS NOT DISTINCT FROM row.{Columns.OutputRefs}::pg_catalog.jsonb
          AND known.{Columns.ErrorSummary} IS NOT DISTINCT FROM row.{Columns.ErrorSummary}
          AND known.{Columns.Metrics} IS NOT DISTINCT FROM row.{Columns.Metrics}::pg_catalog.jsonb
          AND (NOT row.is_given OR known.{Columns.CreatedAt} = row.{Columns.CreatedAt})
        """;

    /// <summary>One row as a trial, to see what the table's triggers make of it.</summary>
    public const string InsertTrial = $"INSERT INTO {Table} ({Content}) {Values} {ReturningAll}";

    /// <summary>The same with a moment of the caller's.</summary>
    public const string InsertTrialAt = $"INSERT INTO {Table} ({AllColumns}) {ValuesAt} {ReturningAll}";

    /// <summary>What is found to be there already is to be confirmed, too.</summary>
    public const string WaitForStandby = $"SELECT {StandbyConfirmation.WaitSql}";

    /// <summary>How many of the ids the table has.</summary>
    public const string CountKnown = $"SELECT pg_catalog.count(DISTINCT {Columns.Id}) FROM {Table} WHERE {Columns.Id} = ANY($1)";

    public const string FindCreatedAt = $"SELECT {Columns.CreatedAt} FROM {Table} WHERE {Columns.Id} = $1";

    /// <summary>Whether a unique index keeps ids apart; without one, writers of rows that may exist take turns.</summary>
    public static readonly string IsKeyed = IdKey.IsThere(Table);

    /// <summary>
    /// Waits for every other writer of a table without a key, also for one whose client is dead and whose statement is not.
    /// </summary>
    public static readonly string TakeTurn = string.Create(CultureInfo.InvariantCulture, $"SELECT pg_catalog.pg_advisory_xact_lock({LockKeys.RunRows})");

    /// <summary>The database's clock, and whether row level security applies to the role, so that COPY is refused.</summary>
    public const string Look =
        $"SELECT pg_catalog.clock_timestamp(), coalesce(pg_catalog.row_security_active(pg_catalog.to_regclass('{Table}')::pg_catalog.oid), false)";

    private const string Table = $"{Name}.{PipelineRuns}";

    private const string Content =
        $"{Columns.Id}, {Columns.RunId}, {Columns.Stage}, {Columns.Status}, {Columns.Attempts}, {Columns.InputRefs}, {Columns.OutputRefs}, {Columns.ErrorSummary}, {Columns.Metrics}";

    private const string AllColumns = $"{Content}, {Columns.CreatedAt}";

    // JSON comes as text.
    private const string FirstValues = "VALUES ($1, $2, $3, $4, $5, $6::pg_catalog.jsonb, $7::pg_catalog.jsonb, $8, $9::pg_catalog.jsonb";
    private const string Values = $"{FirstValues})";
    private const string ValuesAt = $"{FirstValues}, $10)";

    private const string AllValues =
        $"{Columns.Id}, {Columns.RunId}, {Columns.Stage}, {Columns.Status}, {Columns.Attempts}, {Columns.InputRefs}::pg_catalog.jsonb, {Columns.OutputRefs}::pg_catalog.jsonb, "
        + $"{Columns.ErrorSummary}, {Columns.Metrics}::pg_catalog.jsonb, coalesce({Columns.CreatedAt}, pg_catalog.now())";

    private const string Nothing =
        "NULL::pg_catalog.uuid, NULL::pg_catalog.text, NULL::pg_catalog.text, NULL::pg_catalog.text, NULL::pg_catalog.int4, NULL::pg_catalog.text, NULL::pg_catalog.text, "
        + "NULL::pg_catalog.text, NULL::pg_catalog.text, NULL::pg_catalog.timestamptz";

    private const string ReturningAll =
        $"RETURNING {Columns.RunId}, {Columns.Stage}, {Columns.Status}, {Columns.Attempts}, {Columns.InputRefs}::pg_catalog.text, {Columns.OutputRefs}::pg_catalog.text, "
        + $"{Columns.ErrorSummary}, {Columns.Metrics}::pg_catalog.text, {Columns.CreatedAt}";

    // With several arguments unnest is grammar: it stands for pg_catalog's, whatever the search_path, and may not be qualified.
    private const string Rows =
        $"""
        unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
            WITH ORDINALITY AS row ({AllColumns}, is_given, at)
        """;

    private const string DistinctRows = $"(SELECT DISTINCT ON ({Columns.Id}) * FROM {Rows} ORDER BY {Columns.Id}, at) AS row";
}
