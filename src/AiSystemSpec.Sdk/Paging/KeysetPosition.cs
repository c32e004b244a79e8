using System.Buffers.Binary;
using System.Buffers.Text;

namespace AiSystemSpec.Sdk.Paging;

/// <summary>A place in a keyset-paged list: behind the row with this moment and id.</summary>
internal readonly record struct KeysetPosition(DateTimeOffset? CreatedAt, Guid Id)
{
    private const byte Version = 1;
    private const int Length = 2 + sizeof(long) + 16;

    public static KeysetPosition Of(IKeysetRow row) => new(row.CreatedAt, row.Id);

    /// <summary>Writes the position as an opaque cursor of one list.</summary>
    public string ToCursor(KeysetList list)
    {
        Span<byte> bytes = stackalloc byte[Length];
        bytes[0] = Version;
        bytes[1] = (byte)list;
        BinaryPrimitives.WriteInt64BigEndian(bytes[2..], CreatedAt?.UtcTicks ?? -1);
        _ = Id.TryWriteBytes(bytes[(2 + sizeof(long))..], bigEndian: true, out _);
        return Base64Url.EncodeToString(bytes);
    }

    /// <summary>Reads a cursor; null where the caller has none.</summary>
    /// <exception cref="ArgumentException">The cursor is not one that this list handed out.</exception>
    public static KeysetPosition? FromCursor(string? cursor, KeysetList list, string argumentName)
    {
        if (cursor is null)
        {
            return null;
        }

        Span<byte> bytes = stackalloc byte[Length];
        if (!Base64Url.IsValid(cursor, out var length) || length != Length || !Base64Url.TryDecodeFromChars(cursor, bytes, out _)
            || bytes[0] != Version || bytes[1] != (byte)list
            || BinaryPrimitives.ReadInt64BigEndian(bytes[2..]) is var ticks && (ticks < -1 || ticks > DateTimeOffset.MaxValue.Ticks))
        {
            throw new ArgumentException("The cursor is not one that this list handed out. Pass a page's NextCursor as it is, or null for the first page.", argumentName);
        }

        return new KeysetPosition(
            ticks < 0 ? null : new DateTimeOffset(ticks, TimeSpan.Zero),
            new Guid(bytes[(2 + sizeof(long))..], bigEndian: true));
    }
}
