using System.Buffers.Binary;
using System.Buffers.Text;
using System.Text;
using AiSystemSpec.Sdk.Paging;
using AiSystemSpec.Sdk.Wire;

namespace AiSystemSpec.Sdk.Scripts.Changes;

/// <summary>
/// Writes a feed's place as an opaque text of at most 512 characters. Of the transactions that were seen beyond it, as many stand in it as
/// there is room for; the scripts of the others are delivered again to whoever goes on from it.
/// </summary>
internal static class ChangeCursor
{
    private const byte Version = 1;
    private const int MostBytes = 384; // four characters for three bytes
    private const int ChecksumLength = sizeof(uint);

    [Flags]
    private enum Parts : byte
    {
        None = 0,
        At = 1,
        After = 2,
        Moment = 4,
    }

    public static string Write(FeedPlace place, XidSet seen)
    {
        Span<byte> buffer = stackalloc byte[MostBytes];
        var bytes = new CursorBytes(buffer[ChecksumLength..]);
        WritePlace(ref bytes, place);
        WriteSeen(ref bytes, place.Xmin, seen);
        BinaryPrimitives.WriteUInt32BigEndian(buffer, Checksum.Of(buffer.Slice(ChecksumLength, bytes.Length)));
        return Base64Url.EncodeToString(buffer[..(ChecksumLength + bytes.Length)]);
    }

    /// <exception cref="ArgumentException">The cursor is not one that a feed handed out.</exception>
    public static (FeedPlace Place, XidSet Seen) Read(string cursor, string argumentName)
    {
        Span<byte> buffer = stackalloc byte[MostBytes];
        if (!Base64Url.IsValid(cursor, out var length) || length is <= ChecksumLength or > MostBytes || !Base64Url.TryDecodeFromChars(cursor, buffer, out _)
            || BinaryPrimitives.ReadUInt32BigEndian(buffer) != Checksum.Of(buffer[ChecksumLength..length]) || buffer[ChecksumLength] != Version)
        {
            throw new ArgumentException(
                "The cursor is not one that this feed handed out. Pass a ScriptChange's or a ScriptChanges' Cursor as it is, or null for the beginning.", argumentName);
        }

        var bytes = new CursorBytes(buffer[ChecksumLength..length]);
        var place = ReadPlace(ref bytes);
        return (place, ReadSeen(ref bytes, place.Xmin));
    }

    private static void WritePlace(ref CursorBytes bytes, FeedPlace place)
    {
        bytes.Write(Version);
        bytes.Write((byte)place.Phase);
        bytes.Write((byte)((place.At is null ? Parts.None : Parts.At) | Of(place.After)));
        bytes.Write(place.Origin.Mark);
        bytes.Write(place.Snapshot);
        bytes.Write(place.Xmin);
        if (place.At is { } at)
        {
            bytes.Write(at.Xid);
            bytes.Write(at.Id);
        }

        if (place.After is { } after)
        {
            bytes.Write(after.Moment ?? 0);
            bytes.Write(after.Id);
        }

        var name = Encoding.UTF8.GetBytes(place.Origin.Database);
        bytes.WriteShort(name.Length);
        bytes.Write(name);
    }

    private static FeedPlace ReadPlace(ref CursorBytes bytes)
    {
        _ = bytes.ReadByte(); // the version
        var phase = (FeedPhase)bytes.ReadByte();
        var parts = (Parts)bytes.ReadByte();
        var (mark, snapshot, xmin) = (bytes.ReadLong(), bytes.ReadLong(), bytes.ReadLong());
        XidPosition? at = parts.HasFlag(Parts.At) ? new(bytes.ReadLong(), bytes.ReadGuid()) : null;
        KeysetPosition? after = parts.HasFlag(Parts.After) ? ReadAfter(ref bytes, parts.HasFlag(Parts.Moment)) : null;
        var database = Encoding.UTF8.GetString(bytes.Read((int)bytes.ReadShort()));
        return new FeedPlace { Origin = new FeedOrigin(database, mark), Phase = phase, Xmin = xmin, Snapshot = snapshot, At = at, After = after };
    }

    private static KeysetPosition ReadAfter(ref CursorBytes bytes, bool hasMoment)
    {
        var (moment, id) = (bytes.ReadLong(), bytes.ReadGuid());
        return new KeysetPosition(hasMoment ? moment : null, id);
    }

    private static void WriteSeen(ref CursorBytes bytes, long xmin, XidSet seen)
    {
        var written = xmin;
        foreach (var (first, end) in seen.Runs().Select(run => (Math.Max(run.First, xmin), run.First + run.Length)))
        {
            if (end <= first)
            {
                continue; // of a pass that began before this place's
            }

            if (CursorBytes.LengthOf(first - written) + CursorBytes.LengthOf(end - first) > bytes.Left)
            {
                return;
            }

            bytes.WriteShort(first - written);
            bytes.WriteShort(end - first);
            written = end;
        }
    }

    private static XidSet ReadSeen(ref CursorBytes bytes, long xmin)
    {
        var seen = new XidSet();
        for (var end = xmin; bytes.Left > 0;)
        {
            var first = end + bytes.ReadShort();
            end = first + bytes.ReadShort();
            for (var xid = first; xid < end; xid++)
            {
                seen.Add(xid);
            }
        }

        return seen;
    }

    private static Parts Of(KeysetPosition? after) => after switch
    {
        null => Parts.None,
        { Moment: null } => Parts.After,
        _ => Parts.After | Parts.Moment,
    };
}
