using AiSystemSpec.Sdk.Cli.Output;
using AiSystemSpec.Sdk.Cli.Terminal;

namespace AiSystemSpec.Sdk.IntegrationTests.Cli;

/// <summary>How tables fit a terminal, and what of stored text reaches it.</summary>
public sealed class OutputTests
{
    [Theory]
    [InlineData("plain ä 漢 👩‍💻", "plain ä 漢 👩‍💻")]
    [InlineData("a\u001b[2Jb", "a\\x1b[2Jb")]
    [InlineData("a\u0007\u009bb\t", "a\\x07\\x9bb\\t")]
    [InlineData("a\r\nb\u2028c\u0085", "a\\r\\nb\\u2028c\\x85")]
    [InlineData("a\u202eb\u2066\ufeff", "a\\u202eb\\u2066\\ufeff")]
    [InlineData("a\U000E0041", "a\\U000e0041")]
    public void One_line_shows_what_would_command_a_terminal(string stored, string shown) =>
        Assert.Equal(shown, VisibleText.OneLine(stored));

    [Fact]
    public void Half_a_character_is_shown_by_its_number() => Assert.Equal("a\\ud800b", VisibleText.OneLine($"a{(char)0xD800}b"));

    [Fact]
    public void Lines_keep_line_breaks_and_no_other_control() =>
        Assert.Equal("a\nb\r\nc\\rd\\x1b", VisibleText.Lines("a\nb\r\nc\rd\u001b"));

    [Theory]
    [InlineData("abcdef", 6, "abcdef")]
    [InlineData("abcdefg", 6, "abcde…")]
    [InlineData("漢字漢字", 6, "漢字…")]
    [InlineData("e\u0301e\u0301e\u0301", 3, "e\u0301e\u0301e\u0301")]
    [InlineData("e\u0301e\u0301e\u0301e\u0301", 3, "e\u0301e\u0301…")]
    public void Cut_counts_columns_and_keeps_whole_characters(string text, int width, string cut) =>
        Assert.Equal(cut, DisplayWidth.Cut(text, width));

    [Theory]
    [InlineData(34)]
    [InlineData(80)]
    [InlineData(160)]
    public async Task No_line_is_wider_than_the_terminal_and_no_value_adds_one(int width)
    {
        var lines = (await WriteAsync(width, new string('x', 5_000), "a\nFORGED  ROW\r\n", "\u001b[2J")).Split('\n');

        Assert.All(lines, line => Assert.True(DisplayWidth.Of(line) <= width, line));
        Assert.Equal(4 + (width == 34 ? 1 : 0), lines.Length - 1); // titles, row, note, row; what is left out
        Assert.DoesNotContain('\u001b', string.Concat(lines));
    }

    [Fact]
    public async Task Numbers_stand_to_the_right_and_are_never_cut()
    {
        var lines = (await WriteAsync(40, new string('x', 5_000))).Split('\n');

        Assert.EndsWith("  1,234,567,890", lines[1], StringComparison.Ordinal);
        Assert.EndsWith("              -", lines[3], StringComparison.Ordinal);
    }

    [Fact]
    public async Task In_a_pipe_one_odd_value_widens_no_line_beyond_its_column()
    {
        var lines = (await WriteAsync(width: null, new string('x', 5_000))).Split('\n');

        Assert.All(lines, line => Assert.True(line.Length <= 2 * Column.WidestInPipe, line));
        Assert.Contains('…', lines[1]);
    }

    [Fact]
    public async Task Colour_is_on_a_terminal_only_where_NO_COLOR_does_not_forbid_it_and_changes_nothing_else()
    {
        var (colored, plain) = (await WriteAsync(80, isColored: true, "x"), await WriteAsync(80, isColored: false, "x"));

        Assert.Contains("\u001b[31mfailure\u001b[0m", colored, StringComparison.Ordinal);
        Assert.Equal(plain, System.Text.RegularExpressions.Regex.Replace(colored, "\u001b\\[[0-9]+m", "", System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(1)));
        Assert.DoesNotContain('\u001b', await WriteAsync(width: null, isColored: true, "x"));
    }

    [Theory]
    [InlineData("--stauts", "--status")]
    [InlineData("--jsno", "--json")]
    [InlineData("--limits", "--limit")]
    [InlineData("--wholly-other", null)]
    public void A_mistyped_word_is_known_by_its_edits(string typed, string? meant) =>
        Assert.Equal(meant, Suggestion.Find(typed, ["--status", "--stage", "--limit", "--json"]));

    private static Task<string> WriteAsync(int? width, params string[] values) => WriteAsync(width, isColored: false, values);

    private static async Task<string> WriteAsync(int? width, bool isColored, params string[] values)
    {
        await using var output = new StringWriter { NewLine = "\n" };
        var host = new CliHost(output, TextWriter.Null, name => name == "NO_COLOR" && !isColored ? "1" : null) { Width = width };
        var table = new TextTable("RUN", "STATUS", new Column("HIT") { Spare = 1 }, new Column("TOKENS", IsNumber: true));
        table.Add([values[0], Cell.OfStatus("failure"), "yes", Cell.Of(1_234_567_890)], values.ElementAtOrDefault(1) ?? "note");
        table.Add(values.ElementAtOrDefault(2), Cell.OfStatus("success"), null, Cell.Of(null));
        await table.WriteAsync(host);
        return output.ToString();
    }
}
