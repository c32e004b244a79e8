namespace AiSystemSpec.Sdk.Runs.Secrets;

/// <summary>Values in quotes, in JSON within text and wherever else quotes are escaped.</summary>
internal static class QuotedValue
{
    /// <summary>
    /// Where a quoted value ends. In JSON within JSON the closing quote has as many backslashes as the opening one; a quote of the value
    /// has more, and two in a row are one.
    /// </summary>
    public static int End(ReadOnlySpan<char> text, int quote)
    {
        var escapes = EscapesBefore(text, quote);
        for (var at = quote + 1; at < text.Length; at++)
        {
            var next = text[at..].IndexOf(text[quote]);
            if (next < 0)
            {
                break;
            }

            at += next;
            var backslashes = EscapesBefore(text[(quote + 1)..], at - quote - 1);
            if (backslashes > escapes && (backslashes - escapes) % (2 * (escapes + 1)) != 0)
            {
                continue;
            }

            if (escapes == 0 && at > quote + 1 && at + 1 < text.Length && text[at + 1] == text[quote])
            {
                at++;
                continue;
            }

            return at - Math.Min(escapes, backslashes);
        }

        return text.Length;
    }

    /// <summary>Finds the strings of an array or object in JSON within text, in objects those that could be one; names are none.</summary>
    public static int FindAll(ReadOnlySpan<char> text, int start, ref SecretRanges found)
    {
        var isArray = text[start] == '[';
        var depth = 0;
        for (var at = start; at < text.Length; at++)
        {
            if (text[at] == '"')
            {
                var end = End(text, at);
                var value = text[(at + 1)..end];
                if (isArray ? !CredentialLook.IsStandIn(value) : CredentialLook.IsPlausible(value) && !IsName(text, end))
                {
                    found.Add(text, at + 1, end);
                }

                at = Math.Min(text.Length, end + EscapesBefore(text, at));
                continue;
            }

            depth += text[at] is '[' or '{' ? 1 : text[at] is ']' or '}' ? -1 : 0;
            if (depth == 0)
            {
                return at;
            }
        }

        return text.Length;
    }

    private static bool IsName(ReadOnlySpan<char> text, int end)
    {
        var rest = text[end..].TrimStart("\\\" ");
        return !rest.IsEmpty && rest[0] == ':';
    }

    private static int EscapesBefore(ReadOnlySpan<char> text, int at) => at - text[..at].TrimEnd('\\').Length;
}
