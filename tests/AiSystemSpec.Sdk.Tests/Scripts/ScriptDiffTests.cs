using CsCheck;

namespace AiSystemSpec.Sdk.Tests.Scripts;

public sealed class ScriptDiffTests
{
    private static readonly Gen<string[]> AnyLines = Gen.Char["abc d"].Select(letter => letter == 'd' ? "" : letter.ToString()).Array[0, 30];

    [Fact]
    public void Lines_say_what_was_removed_and_added()
    {
        var diff = Compare("one\ntwo\nthree\n", "one\r\n2\r\nthree\r\nfour");

        Assert.Equal(["  one", "- two", "+ 2", "  three", "+ four"], diff.Lines.Select(line => $"{Sign(line)} {line.Text}"));
        Assert.Equal([(1, 1), (2, null), (null, 2), (3, 3), (null, 4)], diff.Lines.Select(line => (line.FromLine, line.ToLine)));
        Assert.Null(diff.Json);
        Assert.False(diff.IsEmpty);
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData(null, "")]
    [InlineData("a\nb", "a\r\nb\n")]
    public void Nothing_differs(string? from, string? to)
    {
        var diff = Compare(from, to);
        Assert.True(diff.IsEmpty);
        Assert.Equal("", diff.ToUnifiedText());
    }

    [Fact]
    public void Lines_of_either_make_up_either_and_the_fewest_change() => Gen.Select(AnyLines, AnyLines).Sample((from, to) =>
    {
        var lines = Compare(Text(from), Text(to)).Lines;

        Assert.Equal([.. from, "."], lines.Where(line => line.FromLine is not null).OrderBy(line => line.FromLine).Select(line => line.Text));
        Assert.Equal([.. to, "."], lines.Where(line => line.ToLine is not null).OrderBy(line => line.ToLine).Select(line => line.Text));
        Assert.Equal(LongestCommon([.. from, "."], [.. to, "."]), lines.Count(line => line.Kind == ScriptChangeKind.Unchanged));
    });

    [Fact]
    public void Long_texts_without_a_common_line_are_all_removed_and_added()
    {
        var diff = Compare(string.Join('\n', Enumerable.Range(0, 200_000)), string.Join('\n', Enumerable.Range(500_000, 200_000)));

        Assert.Equal((200_000, 200_000), (diff.Lines.Count(line => line.Kind == ScriptChangeKind.Removed), diff.Lines.Count(line => line.Kind == ScriptChangeKind.Added)));
    }

    [Fact]
    public void Unified_text_is_that_of_diff()
    {
        var from = string.Join('\n', Enumerable.Range(1, 20));
        var to = from.Replace("\n3\n", "\n3\nnew\n", StringComparison.Ordinal).Replace("\n17\n", "\n", StringComparison.Ordinal);

        Assert.Equal(
            """
            @@ -1,6 +1,7 @@
             1
             2
             3
            +new
             4
             5
             6
            @@ -14,7 +15,6 @@
             14
             15
             16
            -17
             18
             19
             20

            """.ReplaceLineEndings("\n"),
            string.Join('\n', Compare(from, to).ToUnifiedText().Split('\n').Skip(2)));
    }

    [Fact]
    public void Unified_text_of_a_new_script_begins_before_the_first_line() =>
        Assert.Contains("@@ -0,0 +1,2 @@\n+a\n+b\n", Compare(null, "a\nb").ToUnifiedText(), StringComparison.Ordinal);

    [Fact]
    public void Json_is_compared_by_place()
    {
        var diff = Compare(
            """{"title": "Squid", "n": 1.0, "scenes": [{"text": "a"}, {"text": "b"}], "old": null, "same": {"x": [1, 2]}, "a.b": 1}""",
            """{ "same": {"x": [1, 2]}, "scenes": [{"text": "a"}, {"text": "c", "cut": true}, {}], "n": 1, "title": "\u0053quid", "a.b": 2, "new": {} }""");

        Assert.Equal(
            [
                "Changed $.n: 1.0 -> 1", "Changed $.scenes[1].text: \"b\" -> \"c\"", "Added $.scenes[1].cut:  -> true", "Added $.scenes[2]:  -> {}",
                "Removed $.old: null -> ", "Changed $.\"a.b\": 1 -> 2", "Added $.new:  -> {}",
            ],
            diff.Json!.Select(place => $"{place.Kind} {place.Path}: {place.From} -> {place.To}"));
    }

    [Theory]
    [InlineData("{}", "not json")]
    [InlineData("1", "2")]
    [InlineData("""{"a": "\ud800"}""", """{"a": "b"}""")]
    [InlineData("""{"\ud800": 1}""", """{"a": "b"}""")]
    public void Text_that_is_no_json_document_has_lines_only(string from, string to) => Assert.Null(Compare(from, to).Json);

    [Fact]
    public void Deep_json_is_text()
    {
        var deep = new string('[', 100_000);
        Assert.Null(Compare(deep, deep + "1").Json);
        Assert.NotEmpty(Compare(deep, deep + "1").Lines);
    }

    private static ScriptDiff Compare(string? from, string? to) =>
        ScriptDiff.Compare(new Script { Id = Guid.NewGuid(), Content = from }, new Script { Id = Guid.NewGuid(), Content = to });

    private static string Text(string[] lines) => string.Concat(lines.Select(line => line + "\n")) + ".";

    private static char Sign(LineDifference line) => line.Kind switch { ScriptChangeKind.Removed => '-', ScriptChangeKind.Added => '+', _ => ' ' };

    private static int LongestCommon(string[] from, string[] to)
    {
        var lengths = new int[from.Length + 1, to.Length + 1];
        for (var i = 1; i <= from.Length; i++)
        {
            for (var j = 1; j <= to.Length; j++)
            {
                lengths[i, j] = from[i - 1] == to[j - 1] ? lengths[i - 1, j - 1] + 1 : Math.Max(lengths[i - 1, j], lengths[i, j - 1]);
            }
        }

        return lengths[from.Length, to.Length];
    }
}
