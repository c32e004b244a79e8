using System.Numerics;

namespace AiSystemSpec.Sdk.Scripts.Changes;

/// <summary>
/// Transactions whose scripts were delivered: a bit each, in pages that are only there where one is set. All rows of a transaction become
/// visible together, so a bit is enough, however many it wrote.
/// </summary>
internal sealed class XidSet
{
    private const int PageBits = 4_096;
    private const int WordBits = 64;

    private readonly SortedDictionary<long, ulong[]> _pages = [];

    public bool IsEmpty => _pages.Count == 0;

    public void Add(long xid)
    {
        var (page, bit) = Locate(xid);
        if (!_pages.TryGetValue(page, out var words))
        {
            _pages.Add(page, words = new ulong[PageBits / WordBits]);
        }

        words[bit / WordBits] |= 1UL << (bit % WordBits);
    }

    public bool Contains(long xid)
    {
        var (page, bit) = Locate(xid);
        return _pages.TryGetValue(page, out var words) && (words[bit / WordBits] & (1UL << (bit % WordBits))) != 0;
    }

    public void Clear() => _pages.Clear();

    public void RemoveBelow(long xid)
    {
        var (last, bit) = Locate(xid);
        foreach (var page in _pages.Keys.TakeWhile(page => page < last).ToList())
        {
            _ = _pages.Remove(page);
        }

        if (_pages.TryGetValue(last, out var words))
        {
            Array.Clear(words, 0, bit / WordBits);
            words[bit / WordBits] &= ulong.MaxValue << (bit % WordBits);
            if (!words.AsSpan().ContainsAnyExcept(0UL))
            {
                _ = _pages.Remove(last);
            }
        }
    }

    /// <summary>Lists what is in it as runs of ids without a gap, in ascending order.</summary>
    public IEnumerable<(long First, long Length)> Runs()
    {
        var (first, end) = (0L, 0L);
        foreach (var xid in Members())
        {
            if (xid != end && end > first)
            {
                yield return (first, end - first);
            }

            (first, end) = (xid == end ? first : xid, xid + 1);
        }

        if (end > first)
        {
            yield return (first, end - first);
        }
    }

    /// <summary>Writes it as a row of bits, the lowest of each byte first, as PostgreSQL's <c>get_bit</c> counts them.</summary>
    /// <param name="mostBytes">How long it may be; what lies beyond is left out.</param>
    /// <returns>Which id the first bit stands for, and the bits; none where the set is empty.</returns>
    public (long First, byte[] Bits) ToBits(int mostBytes)
    {
        if (IsEmpty)
        {
            return (0, []);
        }

        const int pageBytes = PageBits / 8;
        var first = _pages.Keys.First();
        var pages = (int)Math.Min(_pages.Keys.Last() - first + 1, Math.Max(1, mostBytes / pageBytes));
        var bits = new byte[pages * pageBytes];
        foreach (var (page, words) in _pages.TakeWhile(page => page.Key < first + pages))
        {
            var place = bits.AsSpan((int)(page - first) * pageBytes);
            for (var word = 0; word < words.Length; word++)
            {
                System.Buffers.Binary.BinaryPrimitives.WriteUInt64LittleEndian(place[(word * sizeof(ulong))..], words[word]);
            }
        }

        return (first * PageBits, bits);
    }

    private static (long Page, int Bit) Locate(long xid)
    {
        var (page, bit) = Math.DivRem(xid, PageBits);
        return bit < 0 ? (page - 1, (int)bit + PageBits) : (page, (int)bit); // ids of a young server, counted back from its first, are negative
    }

    private IEnumerable<long> Members()
    {
        foreach (var (page, words) in _pages)
        {
            for (var word = 0; word < words.Length; word++)
            {
                for (var left = words[word]; left != 0; left &= left - 1)
                {
                    yield return (page * PageBits) + (word * WordBits) + BitOperations.TrailingZeroCount(left);
                }
            }
        }
    }
}
