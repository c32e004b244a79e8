using AiSystemSpec.Sdk.Cli.Terminal;

namespace AiSystemSpec.Sdk.Cli.Output;

/// <summary>
/// Every table of the tool: titles in capitals, two blanks between columns, words to the left and numbers to the right, cut to the
/// terminal. A row may have notes below it, such as its error.
/// </summary>
internal sealed class TextTable(params IReadOnlyList<Column> columns)
{
    private const string Indent = "    ";

    private readonly List<(Cell[] Cells, string?[] Notes)> _rows = [];

    /// <summary>Adds a row.</summary>
    public void Add(params Cell[] cells) => _rows.Add((cells, []));

    /// <summary>Adds a row with lines below it.</summary>
    public void Add(Cell[] cells, params string?[] notes) => _rows.Add((cells, notes));

    public async Task WriteAsync(CliHost host)
    {
        var titles = columns.Select(column => new Cell(column.Title, Tone.Title)).ToArray();
        var natural = columns.Select((_, at) => _rows.Select(row => row.Cells).Prepend(titles).Max(cells => DisplayWidth.Of(cells[at].Text))).ToList();
        var widths = ColumnWidths.Fit(columns, natural, host.Width);
        await WriteLineAsync(host, titles, widths).ConfigureAwait(false);
        foreach (var (cells, notes) in _rows)
        {
            await WriteLineAsync(host, cells, widths).ConfigureAwait(false);
            foreach (var note in notes.Where(note => !string.IsNullOrEmpty(note)))
            {
                await host.Out.WriteLineAsync(DisplayWidth.Cut($"{Indent}{VisibleText.OneLine(note!)}", host.Width ?? int.MaxValue)).ConfigureAwait(false);
            }
        }

        var left = columns.Where((_, at) => widths[at] == 0).Select(column => column.Title).ToList();
        if (left.Count > 0)
        {
            await host.Out.WriteLineAsync(DisplayWidth.Cut($"Left out for width: {string.Join(", ", left)}.", host.Width ?? int.MaxValue)).ConfigureAwait(false);
        }
    }

    private Task WriteLineAsync(CliHost host, Cell[] cells, int[] widths)
    {
        var shown = cells.Select((cell, at) => (cell, at)).Where(one => widths[one.at] > 0).ToList();
        return host.Out.WriteOwnLineAsync(string.Concat(shown.Select((one, order) => Write(one.cell, one.at, isLast: order == shown.Count - 1))));

        string Write(Cell cell, int at, bool isLast)
        {
            var text = DisplayWidth.Cut(cell.Text, widths[at]);
            var blanks = new string(' ', widths[at] - DisplayWidth.Of(text));
            var colored = host.IsColored ? Colors.Paint(text, cell.Tone) : text;
            var aligned = columns[at].IsNumber ? blanks + colored : isLast ? colored : colored + blanks;
            return isLast ? aligned : $"{aligned}  ";
        }
    }
}
