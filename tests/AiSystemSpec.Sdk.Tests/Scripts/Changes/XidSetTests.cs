using AiSystemSpec.Sdk.Scripts.Changes;
using CsCheck;

namespace AiSystemSpec.Sdk.Tests.Scripts.Changes;

public sealed class XidSetTests
{
    private static readonly Gen<long> AnyXid = Gen.Frequency((4, Gen.Long[1_000, 20_000]), (1, Gen.Long[-5_000, 5_000]), (1, Gen.Long[4_294_960_000, 4_294_980_000]));

    [Fact]
    public void Set_holds_what_was_added_and_not_removed() => Gen.Select(AnyXid.Array[0, 200], AnyXid).Sample((xids, bound) =>
    {
        var set = new XidSet();
        Array.ForEach(xids, set.Add);
        set.RemoveBelow(bound);

        var expected = xids.Where(xid => xid >= bound).Distinct().Order().ToList();
        Assert.Equal(expected, set.Runs().SelectMany(run => Enumerable.Range(0, (int)run.Length).Select(at => run.First + at)));
        Assert.All(xids, xid => Assert.Equal(xid >= bound, set.Contains(xid)));
        Assert.Equal(expected.Count == 0, set.IsEmpty);
    });

    [Fact]
    public void Bits_are_those_that_the_server_counts() => Gen.Long[1_000_000, 1_050_000].Array[1, 100].Sample(xids =>
    {
        var set = new XidSet();
        Array.ForEach(xids, set.Add);
        var (first, bits) = set.ToBits(1 << 20);

        Assert.All(xids, xid => Assert.Equal(1, (bits[(xid - first) / 8] >> (int)((xid - first) % 8)) & 1));
        Assert.Equal(xids.Distinct().Count(), bits.Sum(one => int.PopCount(one)));
    });

    [Fact]
    public void Bits_are_left_out_beyond_a_length()
    {
        var set = new XidSet();
        set.Add(0);
        set.Add(1L << 40);
        Assert.InRange(set.ToBits(1 << 21).Bits.Length, 1, 1 << 21);
    }

    [Fact]
    public void Ten_million_ids_take_little_more_than_a_bit_each()
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var set = new XidSet();
        for (var xid = 700L; xid < 10_000_700; xid++)
        {
            set.Add(xid);
        }

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 1_250_000, 2_500_000);
        Assert.Single(set.Runs());
    }
}
