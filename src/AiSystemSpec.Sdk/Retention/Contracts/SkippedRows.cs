namespace AiSystemSpec.Sdk;

/// <summary>Rows that a purge would have deleted and left.</summary>
/// <param name="Table">Their table, qualified.</param>
/// <param name="Rows">How many; zero where the whole table was given up.</param>
/// <param name="SqlState">The server's code for the refusal, such as 23503 for rows that a foreign key of another table refers to; null where it refused nothing.</param>
/// <param name="Reason">The server's words for the refusal (of the first such row), its hint included, or why the rows were left without one.</param>
public sealed record SkippedRows(string Table, long Rows, string? SqlState, string Reason);
