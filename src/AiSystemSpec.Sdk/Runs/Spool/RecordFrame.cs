using System.Buffers.Binary;
using AiSystemSpec.Sdk.Wire;

namespace AiSystemSpec.Sdk.Runs.Spool;

/// <summary>
/// What stands before a row's bytes: a mark, the row's number within the folder, the length and checksum of its bytes, and a checksum of
/// these. A reader knows by it where a record ends whatever became of its bytes, finds the next one by the mark where the frame itself is
/// damaged, and counts by the number what is missing. The mark begins with a byte that no UTF-8 text holds.
/// </summary>
internal readonly record struct RecordFrame(long Ordinal, int PayloadLength, uint PayloadChecksum)
{
    public const int Length = 24;

    // Far above what the content's limits allow: a longer length is not one that was written here.
    private const int LongestPayload = 1 << 30;

    public static ReadOnlySpan<byte> Mark => [0xF5, (byte)'R', (byte)'O', (byte)'W'];

    /// <summary>Gets how many bytes the whole record takes.</summary>
    public int RecordLength => Length + PayloadLength;

    /// <summary>Writes the frame of a payload that stands behind it already.</summary>
    public static void Seal(Span<byte> record, long ordinal, uint payloadChecksum) =>
        new RecordFrame(ordinal, record.Length - Length, payloadChecksum).Write(record);

    public static bool TryRead(ReadOnlySpan<byte> bytes, out RecordFrame frame)
    {
        frame = default;
        if (bytes.Length < Length || !bytes.StartsWith(Mark) || Checksum.Of(bytes[..20]) != BinaryPrimitives.ReadUInt32LittleEndian(bytes[20..]))
        {
            return false;
        }

        frame = new RecordFrame(
            BinaryPrimitives.ReadInt64LittleEndian(bytes[4..]),
            BinaryPrimitives.ReadInt32LittleEndian(bytes[12..]),
            BinaryPrimitives.ReadUInt32LittleEndian(bytes[16..]));
        return frame.PayloadLength is > 0 and <= LongestPayload;
    }

    /// <summary>
    /// Makes good a damaged frame of a record whose end is known by what follows it: the payload is sound where either checksum, its own
    /// or that of the frame as it must have been, says so.
    /// </summary>
    public static bool TryRestore(ReadOnlySpan<byte> record, long ordinal, out RecordFrame frame)
    {
        frame = default;
        if (record.Length <= Length)
        {
            return false;
        }

        frame = new RecordFrame(ordinal, record.Length - Length, Checksum.Of(record[Length..]));
        if (frame.PayloadChecksum == BinaryPrimitives.ReadUInt32LittleEndian(record[16..]))
        {
            return true;
        }

        Span<byte> must = stackalloc byte[Length];
        frame.Write(must);
        return must[20..].SequenceEqual(record[20..Length]);
    }

    private void Write(Span<byte> record)
    {
        Mark.CopyTo(record);
        BinaryPrimitives.WriteInt64LittleEndian(record[4..], Ordinal);
        BinaryPrimitives.WriteInt32LittleEndian(record[12..], PayloadLength);
        BinaryPrimitives.WriteUInt32LittleEndian(record[16..], PayloadChecksum);
        BinaryPrimitives.WriteUInt32LittleEndian(record[20..], Checksum.Of(record[..20]));
    }
}
