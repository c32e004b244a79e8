namespace ContentPipeline.Reporting;

/// <summary>Text from files and endpoints, made fit for one line of a console.</summary>
internal static class ConsoleText
{
    /// <summary>Replaces control characters, so that no file name can move the cursor or break a line.</summary>
    public static string OneLine(string text) => string.Create(text.Length, text, static (line, source) =>
    {
        for (var i = 0; i < source.Length; i++)
        {
            line[i] = char.IsControl(source[i]) ? ' ' : source[i];
        }
    });

    /// <summary>The same, cut to a column's width.</summary>
    public static string Fit(string text, int width)
    {
        var line = OneLine(text);
        return line.Length <= width ? line : string.Concat(line.AsSpan(0, width - 1), "…");
    }
}
