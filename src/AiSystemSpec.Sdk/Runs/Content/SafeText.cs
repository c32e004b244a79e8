using System.Text;

namespace AiSystemSpec.Sdk.Runs.Content;

/// <summary>Makes text storable: a log must not fail on its text.</summary>
internal static class SafeText
{
    private const char Replacement = '\uFFFD';

    /// <summary>Replaces <c>\0</c> and halves of surrogate pairs, which PostgreSQL cannot hold, by U+FFFD.</summary>
    public static string Replace(string text)
    {
        if (Text.StoredText.IsValid(text))
        {
            return text;
        }

        return string.Create(text.Length, text, static (target, source) =>
        {
            for (var at = 0; at < source.Length; at++)
            {
                if (at + 1 < source.Length && char.IsSurrogatePair(source[at], source[at + 1]))
                {
                    target[at] = source[at++];
                    target[at] = source[at];
                }
                else
                {
                    target[at] = source[at] == '\0' || char.IsSurrogate(source[at]) ? Replacement : source[at];
                }
            }
        });
    }

    public static bool IsLonger(string text, int maxBytes) => text.Length * 3L > maxBytes && Encoding.UTF8.GetByteCount(text) > maxBytes;

    /// <summary>
    /// Cuts text that is longer than so many bytes of UTF-8 at a character's boundary, and lets it end with a mark inside the limit.
    /// </summary>
    public static string Cut(string text, int maxBytes, string mark)
    {
        if (!IsLonger(text, maxBytes))
        {
            return text;
        }

        var room = maxBytes - Encoding.UTF8.GetByteCount(mark);
        var length = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            room -= rune.Utf8SequenceLength;
            if (room < 0)
            {
                break;
            }

            length += rune.Utf16SequenceLength;
        }

        return string.Concat(text.AsSpan(0, length), mark);
    }
}
