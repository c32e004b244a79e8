using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace AiSystemSpec.Sdk.Runs.Secrets;

/// <summary>
/// Finds runs without blanks that are long enough for a key: in a sentence there is hardly one. Looks at 32 signs at a time, since every
/// text of every row is searched on the caller's time.
/// </summary>
internal static class LongRuns
{
    /// <summary>The least number of signs.</summary>
    public const int Shortest = 16;

    private const int Half = 32;

    /// <summary>Takes the next run off the text; false where there is none.</summary>
    public static bool TryTake(ref ReadOnlySpan<char> text, out ReadOnlySpan<char> run)
    {
        var start = text.Length < Shortest ? -1 : IndexOf(text);
        if (start < 0)
        {
            run = default;
            return false;
        }

        run = text[start..];
        var length = run.IndexOfAnyInRange('\0', ' ');
        run = length < 0 ? run : run[..length];
        text = text[(start + run.Length)..];
        return true;
    }

    private static int IndexOf(ReadOnlySpan<char> text)
    {
        Span<ushort> last = stackalloc ushort[Half];
        var signs = 0UL; // one bit each: the upper half is what was read now, the lower half what was read before
        for (var at = 0; at < text.Length; at += Half)
        {
            scoped var next = MemoryMarshal.Cast<char, ushort>(text[at..]);
            if (next.Length < Half)
            {
                last.Clear();
                next.CopyTo(last);
                next = last;
            }

            signs = (signs >> Half) | ((ulong)SignsOf(next) << Half);
            var run = signs & (signs >> 1);
            run &= run >> 2;
            run &= run >> 4;
            run &= run >> 8;
            if (run != 0)
            {
                return at - Half + BitOperations.TrailingZeroCount(run);
            }
        }

        return -1;
    }

    /// <summary>Which of the first 32 are no blank and no control character.</summary>
    private static uint SignsOf(ReadOnlySpan<ushort> text)
    {
        var both = Vector256.NarrowWithSaturation(Vector256.Create(text), Vector256.Create(text[Vector256<ushort>.Count..]));
        return Vector256.GreaterThan(both, Vector256.Create((byte)' ')).ExtractMostSignificantBits();
    }
}
