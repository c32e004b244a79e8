using AiSystemSpec.Sdk.Wire;
namespace AiSystemSpec.Sdk.Runs.Spool;

/// <summary>Finds the records of a file one after the other, whatever stands between them.</summary>
internal static class RecordScanner
{
    private const int SearchStep = 64 << 10;

    /// <summary>Reads what stands at a place before the file's end.</summary>
    /// <param name="file">The file.</param>
    /// <param name="offset">Where.</param>
    /// <param name="ordinal">The number that the next row has where nothing is missing.</param>
    public static ScannedRecord Read(FileWindow file, long offset, long ordinal)
    {
        if (RecordFrame.TryRead(file.Get(offset, RecordFrame.Length), out var frame))
        {
            if (offset + frame.RecordLength <= file.End)
            {
                var payload = file.Get(offset, frame.RecordLength);
                payload = payload[Math.Min(payload.Length, RecordFrame.Length)..];
                if (payload.Length == frame.PayloadLength && Checksum.Of(payload) == frame.PayloadChecksum && RowCodec.Decode(payload) is { } row)
                {
                    return new ScannedRecord(row, offset, frame.RecordLength, frame.Ordinal);
                }
            }

            return Damaged(file, offset, frame);
        }

        var next = FindFrame(file, offset + 1);
        return TryRestore(file, offset, next, ordinal) ?? new ScannedRecord(Row: null, offset, next - offset, ordinal) { IsTail = IsCutFrame(file, offset, next) };
    }

    /// <summary>The place of the next sound frame, or the file's end.</summary>
    public static long FindFrame(FileWindow file, long offset)
    {
        while (offset < file.End)
        {
            var bytes = file.Get(offset, SearchStep);
            if (bytes.IsEmpty)
            {
                break; // the file was cut
            }

            var at = bytes.IndexOf(RecordFrame.Mark);
            if (at < 0)
            {
                offset += Math.Max(1, bytes.Length - RecordFrame.Mark.Length + 1);
            }
            else if (RecordFrame.TryRead(file.Get(offset + at, RecordFrame.Length), out _))
            {
                return offset + at;
            }
            else
            {
                offset += at + 1;
            }
        }

        return file.End;
    }

    /// <summary>
    /// The frame is sound and what it announces is not: its bytes are changed, or some are missing, here or at the file's end.
    /// </summary>
    private static ScannedRecord Damaged(FileWindow file, long offset, RecordFrame frame)
    {
        var end = offset + frame.RecordLength;
        var isWhole = end == file.End || (end < file.End && RecordFrame.TryRead(file.Get(end, RecordFrame.Length), out _));
        var next = isWhole ? end : FindFrame(file, offset + 1);
        return new ScannedRecord(Row: null, offset, next - offset, frame.Ordinal) { IsTail = end > file.End && next == file.End };
    }

    private static ScannedRecord? TryRestore(FileWindow file, long offset, long next, long ordinal)
    {
        var length = next - offset;
        if (length < RecordFrame.Length + RowCodec.ShortestPayload || length > int.MaxValue / 2)
        {
            return null;
        }

        var record = file.Get(offset, length);
        return record.Length == length && RecordFrame.TryRestore(record, ordinal, out var frame) && RowCodec.Decode(record[RecordFrame.Length..]) is { } row
            ? new ScannedRecord(row, offset, length, frame.Ordinal)
            : null;
    }

    /// <summary>Whether a record was only begun at the file's end.</summary>
    private static bool IsCutFrame(FileWindow file, long offset, long next)
    {
        var length = (int)Math.Min(next - offset, RecordFrame.Mark.Length);
        return next == file.End && next - offset < RecordFrame.Length && RecordFrame.Mark.StartsWith(file.Get(offset, length));
    }
}
