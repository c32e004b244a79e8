using System.Globalization;
using static AiSystemSpec.Sdk.Specification.Schema;

namespace AiSystemSpec.Sdk.Retention.Purging;

/// <summary>One rule about rows of one table, and its statements. No row falls under two rules.</summary>
/// <param name="Kind">What the rows are.</param>
/// <param name="Table">Their table, qualified.</param>
/// <param name="Before">Rows from this moment on are kept, by the database's clock; parameter 1.</param>
internal sealed record RetentionRule(RowKind Kind, string Table, DateTimeOffset Before)
{
    /// <summary>Gets the condition on the rows that the rule is about; <see cref="ScopeValue"/> is its parameter 2.</summary>
    public string Scope { get; init; } = "true";

    public object? ScopeValue { get; init; }

    /// <summary>Gets how many rows are kept of each group, whatever their age; null where rows are not counted.</summary>
    public int? Keep { get; init; }

    /// <summary>Gets what rows are grouped by, when they are counted; one group where null.</summary>
    public string? GroupBy { get; init; }

    /// <summary>Gets whether the rule has an age, and so never deletes a row without a moment.</summary>
    public bool HasAge { get; init; } = true;

    /// <summary>Counts the rows that the rule does not keep.</summary>
    public string CountSql => $"SELECT pg_catalog.count(*) FROM ({Doomed}) AS doomed";

    /// <summary>
    /// Deletes rows that were found before: at their place, so that no table needs an index for it, if they still are who they were and
    /// old. Rows that someone else has locked are left.
    /// </summary>
    /// <remarks>
    /// Parameter 2 is the places as text, since Npgsql has no arrays of them; 3 the ids. An update moves a row, so what was changed since
    /// it was found is not met. The age is looked at again for one that is changed at this very moment.
    /// </remarks>
    public string DeleteSql =>
        $"""
        DELETE FROM {Table} AS entry
        WHERE ctid = ANY (ARRAY(
          SELECT ctid FROM {Table}
          WHERE ctid = ANY (ARRAY(SELECT CAST(place AS pg_catalog.tid) FROM pg_catalog.unnest($2) AS place)) AND {Columns.Id} = ANY ($3) AND {IsOld}
          FOR UPDATE SKIP LOCKED))
          AND {Columns.Id} = ANY ($3) AND {IsOld}
        """;

    /// <summary>The same, and gives each row as it was.</summary>
    public string ExportingDeleteSql => $"{DeleteSql}\nRETURNING CAST(pg_catalog.row_to_json(entry.*) AS pg_catalog.text)";

    /// <summary>
    /// Finds rows that the rule does not keep, oldest first, from a position on. By age alone it reads the index on <c>created_at</c>
    /// from there, where there is one; counting rows, or without the index, it reads the table once for many batches.
    /// </summary>
    public string FindSql(bool fromPosition, int limit) =>
        $"""
        SELECT place, {Columns.Id}, moment
        FROM ({Doomed}) AS doomed
        {(fromPosition ? $"WHERE (moment, {Columns.Id}) >= (${Invariant(ParameterCount + 1)}, ${Invariant(ParameterCount + 2)})" : "")}
        ORDER BY moment, {Columns.Id}
        LIMIT {Invariant(limit)}
        """;

    // The conditions of Doomed come first among the parameters.
    private int ParameterCount => ScopeValue is null ? 1 : 2;

    private string IsOld => HasAge ? $"{Columns.CreatedAt} < $1" : $"({Columns.CreatedAt} < $1 OR {Columns.CreatedAt} IS NULL)";

    // A row without a moment is the oldest in the schema's order; here it comes last, which only says when its turn is.
    private string Moment => HasAge ? Columns.CreatedAt : $"COALESCE({Columns.CreatedAt}, 'infinity')";

    private string Source => Keep is null
        ? $"(SELECT ctid, {Columns.Id}, {Columns.CreatedAt} FROM {Table} WHERE {Scope}) AS entry"
        : $"""
           (SELECT ctid, {Columns.Id}, {Columns.CreatedAt}, pg_catalog.row_number() OVER (
              {(GroupBy is null ? "" : $"PARTITION BY {GroupBy} ")}ORDER BY {Columns.CreatedAt} DESC NULLS LAST, {Columns.Id} DESC) AS rank
            FROM {Table} WHERE {Scope}) AS entry
           """;

    private string Doomed =>
        $"""
        SELECT ctid AS place, {Columns.Id}, {Moment} AS moment
        FROM {Source}
        WHERE {IsOld} AND {Columns.Id} IS NOT NULL{(Keep is { } keep ? $" AND rank > {Invariant(keep)}" : "")}
        """;

    private static string Invariant(int number) => number.ToString(CultureInfo.InvariantCulture);
}
