namespace AiSystemSpec.Sdk;

/// <summary>Rows that a purge would have deleted and left.</summary>
public sealed record SkippedRows
{
    /// <summary>Gets their table, qualified.</summary>
    public required string Table { get; init; }

    /// <summary>Gets how many; zero where the whole table was given up.</summary>
    public required long Rows { get; init; }

    /// <summary>
    /// Gets the server's code for the refusal, such as 23503 for rows that a foreign key of another table refers to; null where it
    /// refused nothing.
    /// </summary>
    public string? SqlState { get; init; }

    /// <summary>
    /// Gets the server's words for the refusal (of the first such row), its hint included, or why the rows were left without one.
    /// </summary>
    public required string Reason { get; init; }
}
