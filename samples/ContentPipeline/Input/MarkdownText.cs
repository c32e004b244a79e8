using System.Text.RegularExpressions;

namespace ContentPipeline.Input;

/// <summary>
/// Takes the first heading and the prose out of Markdown, as far as a summary needs it; plain text is Markdown without markup.
/// </summary>
internal static partial class MarkdownText
{
    /// <summary>Parses a document. Front matter, code blocks and further headings are left out; each list item is a paragraph.</summary>
    public static (string? Title, IReadOnlyList<string> Paragraphs) Parse(string text)
    {
        string? title = null;
        var paragraphs = new ParagraphList();
        foreach (var line in ProseLines(text))
        {
            if (Underline().IsMatch(line) && paragraphs.TakeLastLine() is { } underlined)
            {
                title ??= NullIfEmpty(ToPlain(underlined));
            }
            else if (Heading().Match(line) is { Success: true } heading)
            {
                paragraphs.End();
                title ??= NullIfEmpty(ToPlain(heading.Groups["text"].Value));
            }
            else
            {
                paragraphs.Add(line);
            }
        }

        return (title, [.. paragraphs.All().Select(ToPlain).Where(paragraph => paragraph.Any(char.IsLetterOrDigit))]);
    }

    /// <summary>Removes inline markup and joins what stands on several lines.</summary>
    public static string ToPlain(string markdown)
    {
        var text = Link().Replace(markdown, "${text}");
        text = Markup().Replace(text, "");
        return WhiteSpace().Replace(text, " ").Trim();
    }

    private static IEnumerable<string> ProseLines(string text)
    {
        var lines = text.ReplaceLineEndings("\n").Split('\n');
        var frontMatterEnd = lines[0].TrimEnd() is "---" ? Array.FindIndex(lines, 1, line => line.TrimEnd() is "---") : -1;
        var isCode = false;
        foreach (var line in lines.Skip(frontMatterEnd + 1))
        {
            if (Fence().IsMatch(line))
            {
                isCode = !isCode;
            }
            else if (!isCode)
            {
                yield return line;
            }
        }
    }

    private static string? NullIfEmpty(string text) => text.Length == 0 ? null : text;

    [GeneratedRegex(@"^ {0,3}#{1,6}[ \t]+(?<text>.*?)[ \t]*#*[ \t]*$", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Heading();

    [GeneratedRegex("^ {0,3}(```|~~~)", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Fence();

    [GeneratedRegex(@"^ {0,3}(=+|-+)[ \t]*$", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Underline();

    [GeneratedRegex(@"!?\[(?<text>[^\]\[]*)\]\([^)(]*\)", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Link();

    [GeneratedRegex(@"\*+|`+|~~|<[/!a-zA-Z][^<>]*>|\b_+\B|\B_+\b", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Markup();

    [GeneratedRegex(@"\s+", RegexOptions.NonBacktracking)]
    private static partial Regex WhiteSpace();
}
