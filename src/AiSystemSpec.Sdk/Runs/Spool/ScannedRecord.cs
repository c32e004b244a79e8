using AiSystemSpec.Sdk.Runs.Formatting;

namespace AiSystemSpec.Sdk.Runs.Spool;

/// <summary>What stands at one place of a file: a row, or bytes that are none.</summary>
/// <param name="Row">The row; null for damage.</param>
/// <param name="Offset">Where it begins.</param>
/// <param name="Length">How many bytes it takes.</param>
/// <param name="Ordinal">The row's number; of damage, that of its first row.</param>
internal readonly record struct ScannedRecord(StoredRow? Row, long Offset, long Length, long Ordinal)
{
    /// <summary>
    /// Gets whether the file ends within the record: one that a dying process was writing, or the rest of one that was cut.
    /// </summary>
    public bool IsTail { get; init; }

    public long Next => Offset + Length;
}
