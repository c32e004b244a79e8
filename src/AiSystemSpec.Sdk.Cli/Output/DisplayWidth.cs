using System.Globalization;
using System.Text;

namespace AiSystemSpec.Sdk.Cli.Output;

/// <summary>How many columns of a terminal a text takes, and its beginning that fits into some.</summary>
internal static class DisplayWidth
{
    private const char Ellipsis = '…';

    public static int Of(string text)
    {
        var width = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            width += Of(rune);
        }

        return width;
    }

    /// <summary>The text, or its beginning with an ellipsis; whole characters as a reader sees them.</summary>
    public static string Cut(string text, int width)
    {
        if (Of(text) <= width)
        {
            return text;
        }

        var kept = new StringBuilder();
        var taken = 0;
        foreach (var element in Elements(text))
        {
            var wide = Of(element);
            if (taken + wide > width - 1)
            {
                return kept.Append(Ellipsis).ToString();
            }

            kept.Append(element);
            taken += wide;
        }

        return text;
    }

    private static IEnumerable<string> Elements(string text)
    {
        for (var elements = StringInfo.GetTextElementEnumerator(text); elements.MoveNext();)
        {
            yield return elements.GetTextElement();
        }
    }

    private static int Of(Rune rune) => Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format
        ? 0
        : IsWide(rune.Value) ? 2 : 1;

    // East Asian wide and full-width forms, and the pictures.
    private static bool IsWide(int value) => value
        is (>= 0x1100 and <= 0x115F) or (>= 0x2E80 and <= 0x303E) or (>= 0x3041 and <= 0xA4CF) or (>= 0xA960 and <= 0xA97C) or (>= 0xAC00 and <= 0xD7A3)
        or (>= 0xF900 and <= 0xFAFF) or (>= 0xFE30 and <= 0xFE6F) or (>= 0xFF00 and <= 0xFF60) or (>= 0xFFE0 and <= 0xFFE6)
        or (>= 0x1F300 and <= 0x1F64F) or (>= 0x1F680 and <= 0x1F6FF) or (>= 0x1F900 and <= 0x1FAFF) or (>= 0x20000 and <= 0x3FFFD);
}
