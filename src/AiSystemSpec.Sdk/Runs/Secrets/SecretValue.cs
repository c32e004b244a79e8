using System.Buffers;

namespace AiSystemSpec.Sdk.Runs.Secrets;

/// <summary>The value behind a name and a separator: where it ends, and whether it is a secret.</summary>
internal static class SecretValue
{
    // Whether a value without quotes is a secret is decided by so much of it.
    private const int LongestLook = 1_024;

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
            return QuotedValue.FindAll(text, start, ref found);
        }

        var quote = SkipEscapes(text, start);
        return quote < text.Length && Quotes.Contains(text[quote])
            ? FindQuoted(text, quote, name, isProse: start > at && text[separator] == ':' && !name.IsQuoted, ref found)
            : FindBare(text, start, separator, name, isProse: start > at && text[separator] == ':', ref found);
    }

    /// <summary>The signs up to the next blank, quote or other end, without the punctuation behind them.</summary>
    public static Range Token(ReadOnlySpan<char> text, int start)
    {
        var rest = text[start..Math.Min(text.Length, start + LongestLook)];
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

    /// <summary>Notes a secret, and returns where it ends: behind where it was looked at, if it is longer.</summary>
    public static int Take(ReadOnlySpan<char> text, int start, int end, ref SecretRanges found)
    {
        if (end - start == LongestLook)
        {
            var rest = text[end..].IndexOfAny(TokenEnds);
            end = rest < 0 ? text.Length : end + rest;
        }

        found.Add(text, start, end);
        return end;
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
        var end = QuotedValue.End(text, quote);
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

        if (text[separator] == ':' && name.Before is ':' or '/')
        {
            return 0; // a part of an identifier, as in an ARN
        }

        var token = Token(text, start);
        var value = text[token];
        if (name.Kind == SecretKind.Cookie)
        {
            return value.Contains('=') ? Take(text, start, EndOfLine(text, start, text.Length), ref found) : 0;
        }

        if (name.Kind == SecretKind.Maybe)
        {
            var isSecret = name.Before is '?' or '&' ? CredentialLook.IsPlausible(value) : CredentialLook.IsRandom(value);
            return isSecret ? Take(text, start, token.End.Value, ref found) : 0;
        }

        if (CredentialLook.IsStandIn(value) || (isProse && !IsMeant(text, token, name)))
        {
            return 0;
        }

        var field = text[start..Math.Min(text.Length, start + LongestLook)];
        var end = field.IndexOfAny(FieldEnds);
        return Take(text, start, end >= 0 && field[end] == ';' ? start + end : token.End.Value, ref found); // Password=two words;…
    }

    /// <summary>Whether what follows a name, a colon and a space is its value and not the rest of a sentence.</summary>
    private static bool IsMeant(ReadOnlySpan<char> text, Range token, SecretName name)
    {
        var end = EndOfLine(text, token.Start.Value, LongestLook);
        var isLast = text[token.End..end].Trim(" \t.,;!").IsEmpty;
        if (CredentialLook.IsPlausible(text[token]))
        {
            return isLast || name.Kind == SecretKind.Password || CredentialLook.IsRandom(text[token]);
        }

        var line = text[..name.Start].TrimEnd(" \t-");
        return isLast && !name.IsCapitalised && (line.IsEmpty || line[^1] is '\r' or '\n'); // a line of YAML
    }

    private static int EndOfLine(ReadOnlySpan<char> text, int start, int longest)
    {
        var rest = text[start..Math.Min(text.Length, start + longest)];
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
