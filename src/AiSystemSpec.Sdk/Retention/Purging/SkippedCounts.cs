using Npgsql;

namespace AiSystemSpec.Sdk.Retention.Purging;

/// <summary>What a purge left, by table and reason.</summary>
internal sealed class SkippedCounts
{
    private const string LeftReason = "they were locked or changed by others meanwhile, or a trigger or row level security keeps them";

    private readonly Dictionary<(string Table, string? SqlState, string? Constraint), SkippedRows> _rows = [];

    public bool Any => _rows.Count > 0;

    public IReadOnlyList<SkippedRows> ToList() => Any ? [.. _rows.Values] : [];

    /// <summary>A row that the server refuses to delete.</summary>
    public void AddRefused(string table, PostgresException exception) =>
        Add((table, exception.SqlState, exception.ConstraintName), 1, DeleteErrors.Describe(exception));

    /// <summary>A table that refuses every row.</summary>
    public void AddTable(string table, PostgresException exception) =>
        Add((table, exception.SqlState, exception.ConstraintName), 0, DeleteErrors.Describe(exception));

    /// <summary>Rows that the statement passed over without an error.</summary>
    public void AddLeft(string table, int rows)
    {
        if (rows > 0)
        {
            Add((table, null, null), rows, LeftReason);
        }
    }

    private void Add((string Table, string? SqlState, string? Constraint) key, int rows, string reason) =>
        _rows[key] = _rows.TryGetValue(key, out var known) ? known with { Rows = known.Rows + rows } : new SkippedRows { Table = key.Table, Rows = rows, SqlState = key.SqlState, Reason = reason };
}
