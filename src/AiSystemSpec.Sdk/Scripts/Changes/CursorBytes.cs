using System.Buffers.Binary;

namespace AiSystemSpec.Sdk.Scripts.Changes;

/// <summary>Numbers written one behind the other into a buffer of fixed length, and read again.</summary>
internal ref struct CursorBytes(Span<byte> buffer)
{
    private readonly Span<byte> _buffer = buffer;

    /// <summary>Gets how many bytes were written or read.</summary>
    public int Length { get; private set; }

    /// <summary>Gets how many bytes are left.</summary>
    public readonly int Left => _buffer.Length - Length;

    public void Write(byte value) => Next(1)[0] = value;

    public void Write(long value) => BinaryPrimitives.WriteInt64BigEndian(Next(sizeof(long)), value);

    public void Write(Guid value) => _ = value.TryWriteBytes(Next(16), bigEndian: true, out _);

    public void Write(ReadOnlySpan<byte> value) => value.CopyTo(Next(value.Length));

    /// <summary>Writes a number in as few bytes as it needs, seven bits each.</summary>
    public void WriteShort(long value)
    {
        for (; value > 0x7F; value >>= 7)
        {
            Write((byte)(value | 0x80));
        }

        Write((byte)value);
    }

    public byte ReadByte() => Next(1)[0];

    public long ReadLong() => BinaryPrimitives.ReadInt64BigEndian(Next(sizeof(long)));

    public Guid ReadGuid() => new(Next(16), bigEndian: true);

    public ReadOnlySpan<byte> Read(int length) => Next(length);

    public long ReadShort()
    {
        long value = 0;
        for (var shift = 0; ; shift += 7)
        {
            var next = ReadByte();
            value |= (long)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }
    }

    /// <summary>How many bytes <see cref="WriteShort"/> takes.</summary>
    public static int LengthOf(long value) => value < 0x80 ? 1 : 1 + LengthOf(value >> 7);

    private Span<byte> Next(int length)
    {
        var next = _buffer.Slice(Length, length);
        Length += length;
        return next;
    }
}
