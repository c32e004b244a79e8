using System.Buffers;

namespace AiSystemSpec.Sdk.Runs.Secrets;

/// <summary>The value behind a name and a separator: where it ends, and whether it is a secret.</summary>
internal static class SecretValue
{
    // A value without quotes; a longer one is a secret up to here.
    private const int LongestToken = 8 * 1_024;

    private static readonly SearchValues<char> Quotes = SearchValues.Create("\"'`");
    private static readonly SearchValues<char> TokenEnds = SearchValues.Create(" \t\r\n&;\"'`<>");
    private static readonly SearchValues<char> FieldEnds = SearchValues.Create(";\r\n\"'&");

    /// <summary>Finds the value, and returns where it ends where it was a secret; else 0.</summary>
    public static int Find(ReadOnlySpan<char> text, int separator, SecretName name, ref SecretRanges found)
    {
        var at = separator + 1;
        while (at < text.Length && text[at] is '=' or '>' && text[separator] is not '>')
        {
            at++; // ==, =>, :=
        }

        var start = SkipBlanks(text, at, mayBreak: name.IsQuoted);
        if (start == text.Length)
        {
            return 0;
        }

        if (text[start] is '[' or '{' && name.IsQuoted && name.Kind != SecretKind.Maybe)
        {
            return FindStrings(text, start, ref found);
        }

        var quote = SkipEscapes(text, start);
        return quote < text.Length && Quotes.Contains(text[quote])
            ? FindQuoted(text, quote, name, isProse: start > at && text[separator] == ':' && !name.IsQuoted, ref found)
            : FindBare(text, start, separator, name, isProse: start > at && text[separator] == ':', ref found);
    }

    /// <summary>The signs up to the next blank, quote or other end, without the punctuation behind them.</summary>
    public static Range Token(ReadOnlySpan<char> text, int start)
    {
        var rest = text[start..Math.Min(text.Length, start + LongestToken)];
        var length = rest.IndexOfAny(TokenEnds);
        length = length < 0 ? rest.Length : length;
        for (var comma = rest[..length].IndexOf(','); comma >= 0; comma = NextComma(rest[..length], comma))
        {
            if (IsListed(rest, comma))
            {
                length = comma;
                break;
            }
        }

        return start..(start + rest[..length].TrimEnd(")]},.:\\").Length);
    }

    private static int NextComma(ReadOnlySpan<char> rest, int comma)
    {
        var next = rest[(comma + 1)..].IndexOf(',');
        return next < 0 ? -1 : comma + 1 + next;
    }

    /// <summary>Whether a comma ends a value: another name and its separator follow, as in <c>host:6379,password=…,ssl=true</c>.</summary>
    private static bool IsListed(ReadOnlySpan<char> rest, int comma)
    {
        var next = rest[(comma + 1)..Math.Min(rest.Length, comma + 1 + SecretNames.LongestName)].TrimStart("\"'{ ");
        var end = next.IndexOfAny(":=");
        return end > 0 && char.IsAsciiLetter(next[0]) && !next[..end].ContainsAny(" ,/@");
    }

    private static int FindQuoted(ReadOnlySpan<char> text, int quote, SecretName name, bool isProse, ref SecretRanges found)
    {
        var end = CloseOf(text, quote);
        var value = text[(quote + 1)..end];
        var isSecret = name.Kind switch
        {
            SecretKind.Maybe => CredentialLook.IsRandom(value),
            SecretKind.Cookie => value.Contains('='),
            SecretKind.Secret when isProse => !value.Contains(' ') && !CredentialLook.IsStandIn(value),
            _ => !CredentialLook.IsStandIn(value),
        };
        return isSecret ? Take(text, quote + 1, end, ref found) : 0;
    }

    private static int FindBare(ReadOnlySpan<char> text, int start, int separator, SecretName name, bool isProse, ref SecretRanges found)
    {
        if (name.Kind == SecretKind.Authorization)
        {
            return HttpCredentials.FindBehindHeader(text, start, ref found);
        }

        var token = Token(text, start);
        var value = text[token];
        if (name.Kind == SecretKind.Cookie)
        {
            return value.Contains('=') ? Take(text, start, EndOfLine(text, start), ref found) : 0;
        }

        if (name.Kind == SecretKind.Maybe)
        {
            var isSecret = name.Before is '?' or '&' ? CredentialLook.IsPlausible(value) : CredentialLook.IsRandom(value);
            return isSecret ? Take(text, start, token.End.Value, ref found) : 0;
        }

        if (CredentialLook.IsStandIn(value) || (isProse && !IsMeant(text, token, name)) || (text[separator] == ':' && name.Before is ':' or '/'))
        {
            return 0;
        }

        var field = text[start..Math.Min(text.Length, start + LongestToken)];
        var end = field.IndexOfAny(FieldEnds);
        return Take(text, start, end >= 0 && field[end] == ';' ? start + end : token.End.Value, ref found); // Password=two words;…
    }

    /// <summary>Whether what follows a name, a colon and a space is its value and not the rest of a sentence.</summary>
    private static bool IsMeant(ReadOnlySpan<char> text, Range token, SecretName name)
    {
        var end = EndOfLine(text, token.Start.Value);
        var isLast = text[token.End..end].Trim(" \t.,;!").IsEmpty;
        if (CredentialLook.IsPlausible(text[token]))
        {
            return isLast || name.Kind == SecretKind.Password || CredentialLook.IsRandom(text[token]);
        }

        var line = text[..name.Start];
        line = line[(line.LastIndexOfAny('\r', '\n') + 1)..];
        return isLast && !name.IsCapitalised && line.Trim(" \t-").IsEmpty; // a line of YAML
    }

    /// <summary>Finds the strings of an array or object in JSON within text, in objects those that could be one; names are none.</summary>
    private static int FindStrings(ReadOnlySpan<char> text, int start, ref SecretRanges found)
    {
        var isArray = text[start] == '[';
        var depth = 0;
        for (var at = start; at < text.Length; at++)
        {
            if (text[at] == '"')
            {
                var end = CloseOf(text, at);
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

    /// <summary>Where a quoted value ends. In JSON within JSON the closing quote has as many backslashes as the opening one; a quote of the value has more, and two in a row are one.</summary>
    private static int CloseOf(ReadOnlySpan<char> text, int quote)
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

    private static int EscapesBefore(ReadOnlySpan<char> text, int at) => at - text[..at].TrimEnd('\\').Length;

    private static int Take(ReadOnlySpan<char> text, int start, int end, ref SecretRanges found)
    {
        found.Add(text, start, end);
        return end;
    }

    private static int EndOfLine(ReadOnlySpan<char> text, int start)
    {
        var rest = text[start..Math.Min(text.Length, start + LongestToken)];
        var length = rest.IndexOfAny("\r\n\"'");
        return start + (length < 0 ? rest.Length : length);
    }

    private static int SkipBlanks(ReadOnlySpan<char> text, int at, bool mayBreak)
    {
        while (at < text.Length && (text[at] is ' ' or '\t' || (mayBreak && text[at] is '\r' or '\n')))
        {
            at++;
        }

        return at;
    }

    private static int SkipEscapes(ReadOnlySpan<char> text, int at)
    {
        if (at + 1 < text.Length && Quotes.Contains(text[at + 1]) && text[at] is 'b' or 'f' or 'r' or 'u' or '@' or '$')
        {
            return at + 1; // b"…" in Python, @"…" in C#
        }

        while (at < text.Length && text[at] == '\\')
        {
            at++;
        }

        return at;
    }
}
