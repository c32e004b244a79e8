namespace AiSystemSpec.Sdk.Cli.Output;

/// <summary>Scripts, for people.</summary>
internal static class ScriptRows
{
    private const int FirstLine = 200;

    public static TextTable Table(IEnumerable<Script> scripts)
    {
        var table = new TextTable(new Column("CREATED", IsNumber: true), new Column("ID", IsNumber: true), new Column("LETTERS", IsNumber: true) { Spare = 1 }, "BEGINS");
        foreach (var script in scripts)
        {
            table.Add(Cell.OfMoment(script.CreatedAt), script.Id.ToString(), Cell.Of(script.Content?.Length), Begin(script.Content));
        }

        return table;
    }

    /// <summary>The first line, or its beginning.</summary>
    public static string? Begin(string? content)
    {
        var text = content.AsSpan().TrimStart();
        var end = text.IndexOfAny('\r', '\n');
        text = end < 0 ? text : text[..end];
        return text[..Math.Min(text.Length, FirstLine)].ToString();
    }
}
