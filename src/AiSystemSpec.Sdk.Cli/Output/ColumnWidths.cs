namespace AiSystemSpec.Sdk.Cli.Output;

/// <summary>Shares a line among columns: the widest columns of words give way first, then columns that may be spared.</summary>
internal static class ColumnWidths
{
    public const int Gap = 2;

    /// <summary>Computes each column's width; 0 for a column that is left out.</summary>
    /// <param name="columns">The columns.</param>
    /// <param name="natural">What each would need.</param>
    /// <param name="width">The line's width; null in a pipe.</param>
    public static int[] Fit(IReadOnlyList<Column> columns, IReadOnlyList<int> natural, int? width)
    {
        var widths = columns.Select((column, at) => width is null && !column.IsNumber ? Math.Min(natural[at], Column.WidestInPipe) : natural[at]).ToArray();
        if (width is not { } line)
        {
            return widths;
        }

        while (Total(widths) > line)
        {
            if (!TryNarrow(columns, widths, Total(widths) - line) && !TrySpare(columns, widths))
            {
                break; // so narrow a terminal breaks the lines itself
            }
        }

        return widths;
    }

    private static int Total(int[] widths) => widths.Sum(width => width == 0 ? 0 : width + Gap) - Gap;

    private static bool TryNarrow(IReadOnlyList<Column> columns, int[] widths, int excess)
    {
        var words = Enumerable.Range(0, widths.Length).Where(at => !columns[at].IsNumber && widths[at] > Least(columns[at])).OrderByDescending(at => widths[at]).ToList();
        if (words.Sum(at => widths[at] - Least(columns[at])) < excess)
        {
            // Not enough to be had: a column has to go before words are cut to stumps.
            return words.Count > 0 && !columns.Where((column, at) => column.Spare > 0 && widths[at] > 0).Any() && Narrow(columns, widths, words, excess);
        }

        return Narrow(columns, widths, words, excess);
    }

    // The widest down to the next widest, until enough is had.
    private static bool Narrow(IReadOnlyList<Column> columns, int[] widths, List<int> words, int excess)
    {
        for (; excess > 0; excess--)
        {
            var open = words.Where(at => widths[at] > Least(columns[at])).ToList();
            if (open.Count == 0)
            {
                return true;
            }

            widths[open.MaxBy(at => widths[at])]--;
        }

        return true;
    }

    private static bool TrySpare(IReadOnlyList<Column> columns, int[] widths)
    {
        var spared = Enumerable.Range(0, widths.Length).Where(at => widths[at] > 0 && columns[at].Spare > 0).OrderByDescending(at => columns[at].Spare).ToList();
        if (spared.Count == 0)
        {
            return false;
        }

        widths[spared[0]] = 0;
        return true;
    }

    private static int Least(Column column) => Math.Max(Column.NarrowestCut, column.Title.Length);
}
