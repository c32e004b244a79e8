namespace AiSystemSpec.Sdk;

/// <summary>
/// What became of the rows that were handed over to the background writer, counted since the process began. Each row is counted in one
/// place: the five sum up to the rows that were handed over, and those that earlier processes had left in the spool.
/// </summary>
public sealed record FlushResult
{
    /// <summary>Gets how many rows are committed.</summary>
    public required long Written { get; init; }

    /// <summary>Gets how many rows wait on disk for the database.</summary>
    public required long Spooled { get; init; }

    /// <summary>Gets how many rows were lost.</summary>
    public required long Lost { get; init; }

    /// <summary>Gets how many rows the database refused for their own sake, and <c>set-aside.jsonl</c> of the spool keeps.</summary>
    /// <value>0 without a spool: such rows are lost then.</value>
    public long SetAside { get; init; }

    /// <summary>Gets how many rows wait in memory.</summary>
    /// <value>0 unless the spool is full, or its disk, while the database is away, or rows were handed over meanwhile.</value>
    public long Waiting { get; init; }
}
