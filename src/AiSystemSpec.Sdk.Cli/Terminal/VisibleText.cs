using System.Globalization;
using System.Text;

namespace AiSystemSpec.Sdk.Cli.Terminal;

/// <summary>
/// Makes stored text fit for a terminal: what would move the cursor, ring, hide text or turn its direction is written as <c>\x1b</c> or
/// <c>\u202e</c>.
/// </summary>
internal static class VisibleText
{
    /// <summary>On one line.</summary>
    public static string OneLine(string text) => Escape(text, keepLineBreaks: false);

    /// <summary>With its line breaks, for text that the tool itself set on several lines.</summary>
    public static string Lines(string text) => Escape(text, keepLineBreaks: true);

    private static string Escape(string text, bool keepLineBreaks)
    {
        var at = IndexOfHidden(text, 0, keepLineBreaks);
        if (at < 0)
        {
            return text;
        }

        var visible = new StringBuilder(text.Length + 8);
        var from = 0;
        for (; at >= 0; at = IndexOfHidden(text, from, keepLineBreaks))
        {
            visible.Append(text, from, at - from);
            from = at + Append(visible, text, at);
        }

        return visible.Append(text, from, text.Length - from).ToString();
    }

    private static int IndexOfHidden(string text, int from, bool keepLineBreaks)
    {
        for (var at = from; at < text.Length;)
        {
            var isRune = Rune.TryGetRuneAt(text, at, out var rune);
            if (!isRune || (IsHidden(rune) && !(keepLineBreaks && IsLineBreak(text, at))))
            {
                return at;
            }

            at += rune.Utf16SequenceLength;
        }

        return -1;
    }

    private static bool IsLineBreak(string text, int at) =>
        text[at] == '\n' || (text[at] == '\r' && at + 1 < text.Length && text[at + 1] == '\n');

    // The joiners shape letters and pictures and move nothing.
    private static bool IsHidden(Rune rune) => rune.Value is not (0x200C or 0x200D) && Rune.GetUnicodeCategory(rune)
        is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;

    private static int Append(StringBuilder visible, string text, int at)
    {
        if (char.IsSurrogatePair(text, at))
        {
            visible.Append(CultureInfo.InvariantCulture, $"\\U{char.ConvertToUtf32(text, at):x8}");
            return 2;
        }

        _ = text[at] switch
        {
            '\n' => visible.Append("\\n"),
            '\r' => visible.Append("\\r"),
            '\t' => visible.Append("\\t"),
            < '\u0100' => visible.Append(CultureInfo.InvariantCulture, $"\\x{(int)text[at]:x2}"),
            _ => visible.Append(CultureInfo.InvariantCulture, $"\\u{(int)text[at]:x4}"),
        };
        return 1;
    }
}
