using System.Buffers.Binary;
using System.Text;
using AiSystemSpec.Sdk.Runs.Formatting;

namespace AiSystemSpec.Sdk.Runs.Spool;

/// <summary>A row as the bytes of a record, behind its <see cref="RecordFrame"/>. Numbers are little-endian, the id is not.</summary>
internal static class RowCodec
{
    /// <summary>The shortest payload that is a row.</summary>
    public const int ShortestPayload = FixedLength + (TextsAndBytes * 4);

    private const int FixedLength = 1 + 16 + 8 + 8 + 4;
    private const int TextsAndBytes = 7;
    private const int Absent = -1;
    private const int MayExist = 1;
    private const int IsGiven = 2;
    private const int HasCallersId = 4;

    /// <summary>
    /// Writes a row's bytes, leaving room for the frame before them, and returns the record's length; the buffer grows where it is too
    /// small.
    /// </summary>
    public static int Encode(StoredRow row, ref byte[] buffer)
    {
        var longest = RecordFrame.Length + ShortestPayload
            + (3 * (row.RunId.Length + row.Stage.Length + row.Status.Length + (row.ErrorSummary?.Length ?? 0)))
            + (row.InputRefs?.Length ?? 0) + (row.OutputRefs?.Length ?? 0) + (row.Metrics?.Length ?? 0);
        if (buffer.Length < longest)
        {
            buffer = new byte[Math.Max(longest, 2 * buffer.Length)];
        }

        var writer = new PayloadWriter(buffer.AsSpan(RecordFrame.Length));
        writer.Write(row);
        return RecordFrame.Length + writer.Length;
    }

    /// <summary>Reads a payload whose checksum is right; null where it holds no row all the same.</summary>
    public static StoredRow? Decode(ReadOnlySpan<byte> payload)
    {
        if (payload.Length < ShortestPayload)
        {
            return null;
        }

        var given = BinaryPrimitives.ReadInt64LittleEndian(payload[25..]);
        var rest = payload[FixedLength..];
        if (!TryText(ref rest, out var run) || !TryText(ref rest, out var stage) || !TryText(ref rest, out var status) || !TryText(ref rest, out var summary)
            || !TryBytes(ref rest, out var inputs) || !TryBytes(ref rest, out var outputs) || !TryBytes(ref rest, out var metrics)
            || run is null || stage is null || status is null || given < 0 || given > DateTime.MaxValue.Ticks)
        {
            return null;
        }

        return new StoredRow
        {
            Id = new Guid(payload.Slice(1, 16), bigEndian: true),
            Moment = BinaryPrimitives.ReadInt64LittleEndian(payload[17..]),
            GivenCreatedAt = (payload[0] & IsGiven) == 0 ? null : new DateTime(given, DateTimeKind.Utc),
            Attempts = BinaryPrimitives.ReadInt32LittleEndian(payload[33..]),
            RunId = run,
            Stage = stage,
            Status = status,
            ErrorSummary = summary,
            InputRefs = inputs,
            OutputRefs = outputs,
            Metrics = metrics,
            MayExist = (payload[0] & MayExist) != 0,
            HasCallersId = (payload[0] & HasCallersId) != 0,
        };
    }

    private static bool TryText(ref ReadOnlySpan<byte> rest, out string? text)
    {
        var isSound = TrySlice(ref rest, out var slice, out var isAbsent);
        text = isAbsent ? null : Encoding.UTF8.GetString(slice);
        return isSound;
    }

    private static bool TryBytes(ref ReadOnlySpan<byte> rest, out byte[]? bytes)
    {
        var isSound = TrySlice(ref rest, out var slice, out var isAbsent);
        bytes = isAbsent ? null : slice.ToArray();
        return isSound;
    }

    private static bool TrySlice(ref ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> slice, out bool isAbsent)
    {
        slice = default;
        isAbsent = true;
        if (rest.Length < 4 || BinaryPrimitives.ReadInt32LittleEndian(rest) is var length && (length < Absent || length > rest.Length - 4))
        {
            return false;
        }

        rest = rest[4..];
        if (length != Absent)
        {
            slice = rest[..length];
            rest = rest[length..];
            isAbsent = false;
        }

        return true;
    }

    private ref struct PayloadWriter(Span<byte> target)
    {
        private readonly Span<byte> _target = target;

        public int Length { get; private set; }

        public void Write(StoredRow row)
        {
            _target[0] = (byte)((row.MayExist ? MayExist : 0) | (row.GivenCreatedAt is null ? 0 : IsGiven) | (row.HasCallersId ? HasCallersId : 0));
            _ = row.Id.TryWriteBytes(_target[1..], bigEndian: true, out _);
            BinaryPrimitives.WriteInt64LittleEndian(_target[17..], row.Moment);
            BinaryPrimitives.WriteInt64LittleEndian(_target[25..], row.GivenCreatedAt?.Ticks ?? 0);
            BinaryPrimitives.WriteInt32LittleEndian(_target[33..], row.Attempts);
            Length = FixedLength;
            Write(row.RunId);
            Write(row.Stage);
            Write(row.Status);
            Write(row.ErrorSummary);
            Write(row.InputRefs);
            Write(row.OutputRefs);
            Write(row.Metrics);
        }

        private void Write(string? text)
        {
            var length = text is null ? Absent : Encoding.UTF8.GetBytes(text, _target[(Length + 4)..]);
            Advance(length);
        }

        private void Write(byte[]? bytes)
        {
            bytes?.CopyTo(_target[(Length + 4)..]);
            Advance(bytes?.Length ?? Absent);
        }

        private void Advance(int length)
        {
            BinaryPrimitives.WriteInt32LittleEndian(_target[Length..], length);
            Length += 4 + Math.Max(0, length);
        }
    }
}
