using System.Runtime.CompilerServices;
using static AiSystemSpec.Sdk.Specification.Schema;

namespace AiSystemSpec.Sdk.Runs.History;

/// <summary>
/// The spellings of a run's id that are in use, as SQL that the indexes serve: a bounded beginning beside the whole comparison, each
/// under its index's own collation.
/// </summary>
internal static class RunIdSpelling
{
    private const string Table = $"{Name}.{PipelineRuns}";

    // OFFSET 0 keeps the planner from walking the newest rows of all runs instead of finding the few of this one.
    private const string RowsSql =
        $$"""
        SELECT * FROM {{Table}}
        WHERE (pg_catalog."left"({{Columns.RunId}}, {{Bound}}) COLLATE "C" = pg_catalog."left"({0}, {{Bound}}) AND {{Bytes}} = {0})
           OR (pg_catalog."left"({{Columns.RunId}}, {{Bound}}) COLLATE "C" >= pg_catalog."left"({0} || ':', {{Bound}})
               AND pg_catalog."left"({{Columns.RunId}}, {{Bound}}) COLLATE "C" <= pg_catalog."left"({0} || ';', {{Bound}})
               AND pg_catalog.starts_with({{Bytes}}, {0} || ':')
               AND CASE WHEN {{Columns.Stage}} IS NULL THEN pg_catalog.substr({{Bytes}}, pg_catalog.length({0}) + 2) ~ '^[^:]+:[0-9]+$'
                        ELSE pg_catalog.starts_with(pg_catalog.substr({{Bytes}}, pg_catalog.length({0}) + 2), {{Columns.Stage}} || ':')
                             AND pg_catalog.substr({{Bytes}}, pg_catalog.length({0}) + pg_catalog.length({{Columns.Stage}}) + 3) ~ '^[0-9]+$' END)
           OR (pg_catalog."left"({{Columns.InputRefs}} ->> 'root_run_id', {{Bound}}) = pg_catalog."left"({0}, {{Bound}}) AND {{Columns.InputRefs}} ->> 'root_run_id' = {0})
        OFFSET 0
        """;

    private const string DeleteSql = $"DELETE FROM {Table} WHERE {Columns.Id} IN (SELECT found.{Columns.Id} FROM ({RowsSql}) AS found)";

    private const string StagesSql =
        $$"""
        SELECT DISTINCT {{Columns.Stage}} AS "Value" FROM {{Table}}
        WHERE pg_catalog."left"({{Columns.RunId}}, {{Bound}}) COLLATE "C" = pg_catalog."left"({0}, {{Bound}}) AND {{Bytes}} = {0} AND {{Columns.Stage}} IS NOT NULL
        """;

    private const string Bound = "256";

    // Whatever the column's own collation takes for equal; of one that is not deterministic, PostgreSQL compares no beginnings.
    private const string Bytes = $"{Columns.RunId} COLLATE \"C\"";

    /// <summary>All rows of the run whose root id is given.</summary>
    public static FormattableString Rows(string root) =>
        FormattableStringFactory.Create(RowsSql, root);

    /// <summary>Deletes all rows of the run whose root id is given.</summary>
    public static FormattableString Delete(string root) => FormattableStringFactory.Create(DeleteSql, root);

    /// <summary>The stages of the rows that have exactly this id.</summary>
    public static FormattableString Stages(string runId) => FormattableStringFactory.Create(StagesSql, runId);

    /// <summary>
    /// The root of an id of the form <c>root:stage:attempt</c> for the stage of the row that has it; null where the id is not of that
    /// form.
    /// </summary>
    public static string? RootOf(string runId, string stage)
    {
        var attempt = runId.LastIndexOf(':');
        var middle = attempt - stage.Length - 1;
        return middle > 0 && attempt < runId.Length - 1 && runId[middle] == ':'
            && runId.AsSpan(middle + 1, stage.Length).SequenceEqual(stage)
            && !runId.AsSpan(attempt + 1).ContainsAnyExceptInRange('0', '9')
            ? runId[..middle]
            : null;
    }

    /// <summary>Whether the id could be of the form <c>root:stage:attempt</c> at all.</summary>
    public static bool MayHaveRoot(string runId) => runId.Length > 4 && char.IsAsciiDigit(runId[^1]) && runId.AsSpan().Count(':') >= 2;
}
