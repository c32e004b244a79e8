using System.Buffers.Binary;
using System.Text;
using AiSystemSpec.Sdk.Wire;

namespace AiSystemSpec.Sdk.Runs.Spool;

/// <summary>
/// What a spool file says of itself at its beginning. Every version begins with the magic number, the version, and the header's length,
/// and ends with a checksum over all before it, so that a reader tells a newer file from a damaged one. Numbers are little-endian, ids
/// are not.
/// </summary>
/// <param name="Owner">Whose rows the file holds.</param>
/// <param name="Writer">The process that wrote it, in the form of <see cref="WriterProcess"/>.</param>
/// <param name="FirstOrdinal">The number of the file's first row within the folder.</param>
internal sealed record FileHeader(DatabaseIdentity Owner, string Writer, long FirstOrdinal)
{
    public const int Version = 1;
    public const int LongestLength = 1 << 16;

    private const int PrefixLength = 16;
    private const int FixedLength = 56;
    private const int ChecksumLength = 4;
    private const int KnowsServer = 1;
    private const int KnowsId = 2;

    /// <summary>Gets the magic number: no text begins like it, and a copy that changed line ends or the eighth bit is recognised.</summary>
    public static ReadOnlySpan<byte> Magic => [0xF5, (byte)'A', (byte)'S', (byte)'S', (byte)'P', (byte)'L', (byte)'\r', (byte)'\n'];

    public byte[] ToBytes()
    {
        var (target, writer) = (Encoding.UTF8.GetBytes(Owner.Target), Encoding.UTF8.GetBytes(Writer));
        var bytes = new byte[FixedLength + 8 + target.Length + writer.Length + ChecksumLength];
        var span = bytes.AsSpan();
        Magic.CopyTo(span);
        BinaryPrimitives.WriteUInt16LittleEndian(span[8..], Version);
        BinaryPrimitives.WriteUInt16LittleEndian(span[10..], (ushort)((Owner.Server is null ? 0 : KnowsServer) | (Owner.Id is null ? 0 : KnowsId)));
        BinaryPrimitives.WriteInt32LittleEndian(span[12..], bytes.Length);
        BinaryPrimitives.WriteUInt64LittleEndian(span[16..], Owner.Server?.SystemIdentifier ?? 0);
        BinaryPrimitives.WriteUInt32LittleEndian(span[24..], Owner.Server?.DatabaseOid ?? 0);
        _ = Owner.Id.GetValueOrDefault().TryWriteBytes(span[32..], bigEndian: true, out _);
        BinaryPrimitives.WriteInt64LittleEndian(span[48..], FirstOrdinal);
        var rest = span[FixedLength..];
        Write(target, ref rest);
        Write(writer, ref rest);
        BinaryPrimitives.WriteUInt32LittleEndian(rest, Checksum.Of(span[..^ChecksumLength]));
        return bytes;
    }

    /// <summary>Reads what stands at a file's beginning.</summary>
    /// <param name="bytes">The file's first bytes, up to <see cref="LongestLength"/>.</param>
    /// <param name="header">The header, where it is one of this version.</param>
    /// <param name="length">Where the records begin, where the header is sound.</param>
    public static HeaderState Read(ReadOnlySpan<byte> bytes, out FileHeader? header, out int length)
    {
        (header, length) = (null, 0);
        if (bytes.Length < PrefixLength)
        {
            return HeaderState.Damaged;
        }

        var claimed = BinaryPrimitives.ReadInt32LittleEndian(bytes[12..]);
        if (!bytes.StartsWith(Magic) || claimed < PrefixLength + ChecksumLength || claimed > bytes.Length
            || Checksum.Of(bytes[..(claimed - ChecksumLength)]) != BinaryPrimitives.ReadUInt32LittleEndian(bytes[(claimed - ChecksumLength)..]))
        {
            return HeaderState.Damaged;
        }

        if (BinaryPrimitives.ReadUInt16LittleEndian(bytes[8..]) != Version)
        {
            return HeaderState.OtherVersion;
        }

        header = Parse(bytes[..(claimed - ChecksumLength)]);
        length = header is null ? 0 : claimed;
        return header is null ? HeaderState.Damaged : HeaderState.Sound;
    }

    private static FileHeader? Parse(ReadOnlySpan<byte> bytes)
    {
        var known = BinaryPrimitives.ReadUInt16LittleEndian(bytes[10..]);
        var rest = bytes[FixedLength..];
        if (!TryText(ref rest, out var target) || !TryText(ref rest, out var writer))
        {
            return null;
        }

        ServerDatabase? server = (known & KnowsServer) == 0
            ? null
            : new ServerDatabase(BinaryPrimitives.ReadUInt64LittleEndian(bytes[16..]), BinaryPrimitives.ReadUInt32LittleEndian(bytes[24..]));
        Guid? id = (known & KnowsId) == 0 ? null : new Guid(bytes.Slice(32, 16), bigEndian: true);
        return new FileHeader(new DatabaseIdentity(target, server, id), writer, BinaryPrimitives.ReadInt64LittleEndian(bytes[48..]));
    }

    private static void Write(byte[] text, ref Span<byte> rest)
    {
        BinaryPrimitives.WriteInt32LittleEndian(rest, text.Length);
        text.CopyTo(rest[4..]);
        rest = rest[(4 + text.Length)..];
    }

    private static bool TryText(ref ReadOnlySpan<byte> rest, out string text)
    {
        text = "";
        if (rest.Length < 4 || BinaryPrimitives.ReadInt32LittleEndian(rest) is var length && (length < 0 || length > rest.Length - 4))
        {
            return false;
        }

        text = Encoding.UTF8.GetString(rest.Slice(4, length));
        rest = rest[(4 + length)..];
        return true;
    }
}
