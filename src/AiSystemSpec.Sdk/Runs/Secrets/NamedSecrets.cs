using System.Buffers;

namespace AiSystemSpec.Sdk.Runs.Secrets;

/// <summary>
/// Finds secrets in text by the name before them: in connection strings, query strings, headers, JSON and code within text, XML elements,
/// options of commands. Goes from one separator to the next; what it looks at around each is bounded, so that its work grows with the
/// text's length only.
/// </summary>
internal static class NamedSecrets
{
    private static readonly SearchValues<char> Separators = SearchValues.Create(":=>");
    private static readonly SearchValues<char> Signs = SearchValues.Create(":=>-");
    private static readonly SearchValues<char> NameSigns = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-$");

    /// <summary>Whether a text has any of the signs that set a name off from its value, or make it an option: most have none.</summary>
    public static bool MayBeIn(ReadOnlySpan<char> text) => text.ContainsAny(Signs);

    public static void Find(ReadOnlySpan<char> text, ref SecretRanges found)
    {
        for (var at = 0; at < text.Length;)
        {
            var next = text[at..].IndexOfAny(Separators);
            if (next < 0)
            {
                return;
            }

            at = text[(at + next)..].StartsWith("://") ? UriUserInfo.Find(text, at + next, ref found) : FindAt(text, at + next, ref found);
        }
    }

    /// <summary>Finds the values of a command's options that stand behind a space: <c>--password hunter2</c>.</summary>
    public static void FindOptions(ReadOnlySpan<char> text, ref SecretRanges found)
    {
        for (var at = text.IndexOf("--"); at >= 0 && at < text.Length;)
        {
            var name = text[at..].TrimStart('-');
            var start = text.Length - name.Length;
            var length = name.IndexOfAnyExcept(NameSigns);
            if (length > 0 && name[length] == ' ' && SecretNames.KindOf(name[..length]) is not SecretKind.None and var kind)
            {
                var value = SecretValue.Token(text, start + length + 1);
                if (kind == SecretKind.Maybe ? CredentialLook.IsRandom(text[value]) : CredentialLook.IsPlausible(text[value]))
                {
                    _ = SecretValue.Take(text, value.Start.Value, value.End.Value, ref found);
                }
            }

            var next = text[start..].IndexOf("--");
            at = next < 0 ? -1 : start + next;
        }
    }

    /// <summary>Looks at the name before one separator and the value behind it, and returns where to go on.</summary>
    private static int FindAt(ReadOnlySpan<char> text, int separator, ref SecretRanges found)
    {
        var name = NameBefore(text, separator);
        if (name.Kind == SecretKind.None)
        {
            return separator + 1;
        }

        var end = SecretValue.Find(text, separator, name, ref found);
        return Math.Max(separator + 1, end);
    }

    private static SecretName NameBefore(ReadOnlySpan<char> text, int separator)
    {
        var end = separator;
        while (end > 0 && text[end - 1] == ' ' && separator - end < 3)
        {
            end--;
        }

        if (end > 1 && text[end - 1] == ']' && text[end - 2] is '"' or '\'')
        {
            end--; // config["password"] = …
        }

        var isQuoted = end > 0 && text[end - 1] is '"' or '\'' or '`';
        end -= isQuoted ? 1 : 0;
        while (isQuoted && end > 0 && text[end - 1] == '\\')
        {
            end--;
        }

        var start = StartOfName(text, end);
        var first = start;
        for (var words = 0; words < 2 && !isQuoted && first > 1 && text[first - 1] == ' ' && first < end; words++)
        {
            first = StartOfName(text, first - 1); // "API key: …"
        }

        var before = start > 0 ? text[start - 1] : '\n';
        return start == end || (text[separator] == '>' && before is not '<')
            ? default
            : new SecretName(SecretNames.KindOf(text[first..end]), start, isQuoted, before, char.IsAsciiLetterUpper(text[start]) && end - start > 1 && char.IsAsciiLetterLower(text[start + 1]));
    }

    private static int StartOfName(ReadOnlySpan<char> text, int end)
    {
        var name = text[Math.Max(0, end - SecretNames.LongestName)..end];
        return end - name.Length + name.LastIndexOfAnyExcept(NameSigns) + 1;
    }
}
