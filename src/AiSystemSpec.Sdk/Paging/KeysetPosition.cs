using System.Buffers.Binary;
using System.Buffers.Text;

namespace AiSystemSpec.Sdk.Paging;

/// <summary>A place in a keyset-paged list: behind the row with this moment and id.</summary>
/// <param name="Moment">
/// The row's <c>created_at</c> in the server's own microseconds, since .NET has not all of its years; null where it is NULL.
/// </param>
/// <param name="Id">The row's id.</param>
internal readonly record struct KeysetPosition(long? Moment, Guid Id)
{
    private const byte Undated = 1;
    private const byte Dated = 2;
    private const int Length = 2 + sizeof(long) + 16;

    /// <summary>Writes the position as an opaque cursor of one list.</summary>
    public string ToCursor(KeysetList list)
    {
        Span<byte> bytes = stackalloc byte[Length];
        bytes[0] = Moment is null ? Undated : Dated;
        bytes[1] = (byte)list;
        BinaryPrimitives.WriteInt64BigEndian(bytes[2..], Moment ?? 0);
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
            || bytes[0] is not (Undated or Dated) || bytes[1] != (byte)list)
        {
            throw new ArgumentException("The cursor is not one that this list handed out. Pass a page's NextCursor as it is, or null for the first page.", argumentName);
        }

        return new KeysetPosition(
            bytes[0] == Undated ? null : BinaryPrimitives.ReadInt64BigEndian(bytes[2..]),
            new Guid(bytes[(2 + sizeof(long))..], bigEndian: true));
    }
}
