using AiSystemSpec.Sdk.Paging;
using AiSystemSpec.Sdk.Scripts.Changes;
using CsCheck;

namespace AiSystemSpec.Sdk.Tests.Scripts.Changes;

public sealed class ChangeCursorTests
{
    private static readonly Gen<FeedPlace> AnyPlace = Gen.Select(
        Gen.Enum<FeedPhase>(), Gen.Long, Gen.Long[-5_000, 1L << 50], Gen.Long, Gen.Guid, Gen.Int[0, 7], Gen.String[Gen.Char['a', 'ɏ'], 0, 30]).Select(
        (phase, mark, xmin, moment, id, parts, name) => new FeedPlace
        {
            Origin = new FeedOrigin(name, mark),
            Phase = phase,
            Xmin = xmin,
            Snapshot = mark ^ moment,
            At = (parts & 1) == 0 ? null : new XidPosition(xmin + 5, id),
            After = (parts & 2) == 0 ? null : new KeysetPosition((parts & 4) == 0 ? null : moment, id),
        });

    [Fact]
    public void Cursor_brings_the_place_back_and_what_it_has_room_for() => Gen.Select(AnyPlace, Gen.Long[-100, 100_000].Array[0, 400]).Sample((place, offsets) =>
    {
        var seen = new XidSet();
        Array.ForEach(offsets, offset => seen.Add(place.Xmin + offset));

        var cursor = ChangeCursor.Write(place, seen);
        var (read, known) = ChangeCursor.Read(cursor, "cursor");

        Assert.InRange(cursor.Length, 1, 512);
        Assert.Equal(place, read);
        var all = Members(seen).Where(xid => xid >= place.Xmin).ToList();
        var kept = Members(known);
        Assert.Equal(all.Take(kept.Count), kept); // the first of them, and no other
        Assert.True(kept.Count == all.Count || kept.Count > 40);
    });

    [Fact]
    public void Every_changed_letter_is_noticed()
    {
        var cursor = ChangeCursor.Write(new FeedPlace { Origin = new FeedOrigin("name", 1), Phase = FeedPhase.Following, Xmin = 700 }, new XidSet());
        for (var at = 0; at < cursor.Length - 1; at++) // the last may have bits that mean nothing
        {
            var other = cursor.ToCharArray();
            other[at] = other[at] == 'A' ? 'B' : 'A';
            _ = Assert.Throws<ArgumentException>(() => ChangeCursor.Read(new string(other), "cursor"));
        }
    }

    private static List<long> Members(XidSet set) => [.. set.Runs().SelectMany(run => Enumerable.Range(0, (int)run.Length).Select(at => run.First + at))];
}
