using System.Buffers.Binary;
using System.Numerics;
using System.Text;
using AiSystemSpec.Sdk.Runs.Writing;

namespace AiSystemSpec.Sdk.Runs.Spool;

/// <summary>
/// A row as a record of a spool file: the payload's length and checksum (CRC-32C), 4 bytes each, then the payload. Numbers are little-endian.
/// A record that a dying process left half-written is recognised by one of the two.
/// </summary>
internal static class RowCodec
{
    public const int HeaderLength = 8;

    // Far above what the content's limits allow: a longer length is not one that was written here.
    private const int LongestPayload = 1 << 30;
    private const int Absent = -1;

    // The first byte. Zero ticks are a moment too: a flag says whether there is one.
    private const byte MayExist = 1;
    private const byte HasCreatedAt = 2;
    private const int FixedLength = 1 + 16 + 8 + 8 + 4 + (7 * 4);

    /// <summary>Writes a record and returns its length; the buffer grows where it is too small.</summary>
    public static int Encode(StoredRow row, ref byte[] buffer)
    {
        var longest = HeaderLength + FixedLength
            + (3 * (row.RunId.Length + row.Stage.Length + row.Status.Length + (row.ErrorSummary?.Length ?? 0)))
            + (row.InputRefs?.Length ?? 0) + (row.OutputRefs?.Length ?? 0) + (row.Metrics?.Length ?? 0);
        if (buffer.Length < longest)
        {
            buffer = new byte[Math.Max(longest, 2 * buffer.Length)];
        }

        var writer = new PayloadWriter(buffer.AsSpan(HeaderLength));
        writer.Write(row);
        var payload = buffer.AsSpan(HeaderLength, writer.Length);
        BinaryPrimitives.WriteInt32LittleEndian(buffer, payload.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(buffer.AsSpan(4), Checksum(payload));
        return HeaderLength + payload.Length;
    }

    /// <summary>The length of the record that begins here; 0 where none does.</summary>
    public static int LengthOf(ReadOnlySpan<byte> header) =>
        BinaryPrimitives.ReadInt32LittleEndian(header) is >= FixedLength and <= LongestPayload and var length ? HeaderLength + length : 0;

    /// <summary>Reads a whole record; null where it is not one that was written to its end.</summary>
    public static StoredRow? Decode(ReadOnlySpan<byte> record)
    {
        var payload = record[HeaderLength..];
        return Checksum(payload) == BinaryPrimitives.ReadUInt32LittleEndian(record[4..]) ? Read(payload) : null;
    }

    private static StoredRow Read(ReadOnlySpan<byte> payload)
    {
        var given = BinaryPrimitives.ReadInt64LittleEndian(payload[25..]);
        var rest = payload[37..];
        return new StoredRow
        {
            Id = new Guid(payload.Slice(1, 16)),
            Moment = BinaryPrimitives.ReadInt64LittleEndian(payload[17..]),
            GivenCreatedAt = given == 0 && (payload[0] & HasCreatedAt) == 0 ? null : new DateTime(given, DateTimeKind.Utc),
            Attempts = BinaryPrimitives.ReadInt32LittleEndian(payload[33..]),
            RunId = Text(ref rest)!,
            Stage = Text(ref rest)!,
            Status = Text(ref rest)!,
            ErrorSummary = Text(ref rest),
            InputRefs = Bytes(ref rest),
            OutputRefs = Bytes(ref rest),
            Metrics = Bytes(ref rest),
            MayExist = (payload[0] & MayExist) != 0,
            HasCallersId = (payload[0] & MayExist) != 0,
        };
    }

    private static string? Text(ref ReadOnlySpan<byte> rest)
    {
        var length = Take(ref rest);
        if (length == Absent)
        {
            return null;
        }

        var text = Encoding.UTF8.GetString(rest[..length]);
        rest = rest[length..];
        return text;
    }

    private static byte[]? Bytes(ref ReadOnlySpan<byte> rest)
    {
        var length = Take(ref rest);
        if (length == Absent)
        {
            return null;
        }

        var bytes = rest[..length].ToArray();
        rest = rest[length..];
        return bytes;
    }

    private static int Take(ref ReadOnlySpan<byte> rest)
    {
        var length = BinaryPrimitives.ReadInt32LittleEndian(rest);
        rest = rest[4..];
        return length;
    }

    private static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        var sum = uint.MaxValue;
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..])
        {
            sum = BitOperations.Crc32C(sum, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        }

        foreach (var one in bytes)
        {
            sum = BitOperations.Crc32C(sum, one);
        }

        return ~sum;
    }

    private ref struct PayloadWriter(Span<byte> target)
    {
        private readonly Span<byte> _target = target;

        public int Length { get; private set; }

        public void Write(StoredRow row)
        {
            _target[0] = (byte)((row.MayExist ? MayExist : 0) | (row.GivenCreatedAt is null ? 0 : HasCreatedAt));
            _ = row.Id.TryWriteBytes(_target[1..]);
            BinaryPrimitives.WriteInt64LittleEndian(_target[17..], row.Moment);
            BinaryPrimitives.WriteInt64LittleEndian(_target[25..], row.GivenCreatedAt?.Ticks ?? 0);
            BinaryPrimitives.WriteInt32LittleEndian(_target[33..], row.Attempts);
            Length = 37;
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
