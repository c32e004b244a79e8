namespace AiSystemSpec.Sdk.Scripts.Comparing;

/// <summary>
/// Finds which lines two texts have in common: those at both ends, and between them a longest common sequence by the greedy way of Myers
/// (An O(ND) Difference Algorithm, 1986). Texts with little in common, where that would take long, are all removed and all added.
/// </summary>
internal static class LineComparison
{
    /// <summary>So many removed and added lines are looked for at most; the work and the memory grow with its square.</summary>
    private const int MostChanges = 4_000;

    /// <summary>Lines end at LF, CR LF or CR; the last one's end may be missing.</summary>
    public static string[] Split(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return [];
        }

        var lines = text.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n').Split('\n');
        return lines[^1].Length == 0 ? lines[..^1] : lines;
    }

    public static List<LineDifference> Compare(string[] from, string[] to)
    {
        var start = 0;
        while (start < from.Length && start < to.Length && Same(from[start], to[start]))
        {
            start++;
        }

        var end = 0;
        while (end < from.Length - start && end < to.Length - start && Same(from[^(end + 1)], to[^(end + 1)]))
        {
            end++;
        }

        var middle = Pairs(from.AsSpan(start, from.Length - start - end), to.AsSpan(start, to.Length - start - end));
        return Write(
            from,
            to,
            [
                .. Enumerable.Range(0, start).Select(i => (i, i)),
                .. middle.Select(pair => (pair.From + start, pair.To + start)),
                .. Enumerable.Range(-end, end).Select(i => (from.Length + i, to.Length + i)),
            ]);
    }

    /// <summary>The lines that stay, as pairs of their places.</summary>
    private static List<(int From, int To)> Pairs(ReadOnlySpan<string> from, ReadOnlySpan<string> to)
    {
        if (from.IsEmpty || to.IsEmpty)
        {
            return [];
        }

        var most = Math.Min(from.Length + to.Length, MostChanges);
        var furthest = new int[(2 * most) + 3]; // on each diagonal, how far one comes in the first text
        var trace = new List<int[]>();
        for (var changes = 0; changes <= most; changes++)
        {
            trace.Add(furthest[(most + 1 - changes)..(most + 2 + changes)]);
            for (var diagonal = -changes; diagonal <= changes; diagonal += 2)
            {
                var isDown = diagonal == -changes || (diagonal != changes && furthest[most + diagonal] < furthest[most + 2 + diagonal]);
                var x = isDown ? furthest[most + 2 + diagonal] : furthest[most + diagonal] + 1;
                for (; x < from.Length && x - diagonal < to.Length && Same(from[x], to[x - diagonal]);)
                {
                    x++;
                }

                furthest[most + 1 + diagonal] = x;
                if (x >= from.Length && x - diagonal >= to.Length)
                {
                    return Follow(trace, from.Length, to.Length);
                }
            }
        }

        return [];
    }

    /// <summary>Goes the way back from both ends.</summary>
    private static List<(int From, int To)> Follow(List<int[]> trace, int x, int y)
    {
        var pairs = new List<(int, int)>();
        for (var changes = trace.Count - 1; changes >= 0; changes--)
        {
            var reached = trace[changes]; // before the step: its diagonals from -changes on
            var diagonal = x - y;
            var isDown = diagonal == -changes || (diagonal != changes && reached[diagonal - 1 + changes] < reached[diagonal + 1 + changes]);
            var before = isDown ? diagonal + 1 : diagonal - 1;
            var fromX = changes == 0 ? 0 : reached[before + changes];
            var fromY = changes == 0 ? 0 : fromX - before;
            for (; x > fromX && y > fromY; pairs.Add((x, y)))
            {
                (x, y) = (x - 1, y - 1);
            }

            (x, y) = (fromX, fromY);
        }

        pairs.Reverse();
        return pairs;
    }

    private static List<LineDifference> Write(string[] from, string[] to, List<(int From, int To)> pairs)
    {
        var lines = new List<LineDifference>();
        var (x, y) = (0, 0);
        foreach (var (fromEnd, toEnd) in pairs.Append((from.Length, to.Length)))
        {
            for (; x < fromEnd; x++)
            {
                lines.Add(new LineDifference { Kind = ScriptChangeKind.Removed, Text = from[x], FromLine = x + 1 });
            }

            for (; y < toEnd; y++)
            {
                lines.Add(new LineDifference { Kind = ScriptChangeKind.Added, Text = to[y], ToLine = y + 1 });
            }

            if (fromEnd < from.Length)
            {
                lines.Add(new LineDifference { Kind = ScriptChangeKind.Unchanged, Text = from[x], FromLine = ++x, ToLine = ++y });
            }
        }

        return lines;
    }

    private static bool Same(string one, string other) => string.Equals(one, other, StringComparison.Ordinal);
}
