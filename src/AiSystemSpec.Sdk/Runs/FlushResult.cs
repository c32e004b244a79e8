namespace AiSystemSpec.Sdk;

/// <summary>What became of the rows that were handed over to the background writer, counted since the process began.</summary>
/// <param name="Written">Rows that are committed.</param>
/// <param name="Spooled">Rows that wait on disk for the database.</param>
/// <param name="Dropped">Rows that were lost.</param>
public sealed record FlushResult(long Written, long Spooled, long Dropped);
