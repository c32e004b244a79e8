namespace AiSystemSpec.Sdk.Transfer.Exporting;

/// <summary>The statement of an export.</summary>
internal static class ExportSql
{
    /// <summary>
    /// Rows by their ids, in the order in which these are given; each with its place from 1. Texts come as they are, all else as the JSON that
    /// the server makes of it.
    /// </summary>
    public static string Rows(TransferTable table, IEnumerable<string> conditions) =>
        $"""
        SELECT k.at, {string.Join(", ", table.Columns.Select(Value))}
        FROM pg_catalog.unnest($1) WITH ORDINALITY AS k (id, at) JOIN {table.Qualified} AS s ON s.{table.Columns[0].Name} = k.id
        {string.Concat(conditions.Select((condition, at) => (at == 0 ? "WHERE " : " AND ") + condition))}
        ORDER BY k.at
        """;

    private static string Value(TransferColumn column) =>
        column.IsText || column.IsJson ? $"s.{column.Name}::{TransferTable.Text}" : $"pg_catalog.to_json(s.{column.Name})::{TransferTable.Text}";
}
