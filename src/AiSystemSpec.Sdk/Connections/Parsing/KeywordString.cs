using System.Text;
using System.Text.RegularExpressions;

namespace AiSystemSpec.Sdk.Connections.Parsing;

/// <summary>
/// Reads libpq's keywords: <c>host=db user=app password='it\'s mine' sslmode=require</c>, with white space between the pairs, values in
/// single quotes where they hold some, and backslashes before quotes and backslashes.
/// </summary>
internal static partial class KeywordString
{
    /// <summary>
    /// Whether white space separates the pairs. What tells it is the end of the first value: there stands white space and another of
    /// libpq's names in one form, a semicolon in the other.
    /// </summary>
    public static bool IsOne(string text)
    {
        if (Pair().Match(text) is not { Success: true } first || !LibpqNames.IsKnown(first.Groups["name"].Value))
        {
            return false;
        }

        var at = first.Length;
        if (!TryReadValue(text, ref at, out _, out var isQuoted) || (!isQuoted && EndsBeforeSemicolon(text, first.Length, at)))
        {
            return false;
        }

        return Pair().Match(text[at..]) is { Success: true } next && at < text.Length && char.IsWhiteSpace(text[at]) && LibpqNames.IsKnown(next.Groups["name"].Value);
    }

    /// <exception cref="ConnectionTextException">It cannot be read.</exception>
    public static ParsedConnection Parse(string text)
    {
        var parameters = new LibpqParameters();
        for (var at = 0; at < text.Length && Pair().Match(text[at..]) is var pair;)
        {
            if (!pair.Success)
            {
                throw new ConnectionTextException("Behind a value stands something that is not name=value. Put a value that holds white space in single quotes.");
            }

            at += pair.Length;
            if (!TryReadValue(text, ref at, out var value, out var isQuoted))
            {
                throw new ConnectionTextException("A value in single quotes has no end, or something right behind it. Write a quote inside as \\' and a backslash as \\\\.");
            }

            if (!isQuoted && EndsBeforeSemicolon(value, 0, value.Length))
            {
                throw new ConnectionTextException("Some pairs are separated by white space and some by ';'. Use one of them, and put a value that holds either in quotes.");
            }

            parameters.Set(pair.Groups["name"].Value, value, mayName: false); // behind an unquoted value that holds white space, a name is a piece of the value
        }

        return parameters.Complete();
    }

    /// <summary>Reads a value as libpq does.</summary>
    /// <param name="text">The whole text.</param>
    /// <param name="at">Where the value begins; where it ends.</param>
    /// <param name="value">The value without quotes and escapes.</param>
    /// <param name="isQuoted">Whether it stood in quotes.</param>
    /// <returns>Whether it has an end.</returns>
    private static bool TryReadValue(string text, ref int at, out string value, out bool isQuoted)
    {
        var read = new StringBuilder();
        isQuoted = at < text.Length && text[at] == '\'';
        var isOpen = isQuoted;
        for (at += isQuoted ? 1 : 0; at < text.Length; at++)
        {
            if (isOpen ? text[at] == '\'' : char.IsWhiteSpace(text[at]))
            {
                isOpen = false;
                break;
            }

            at += text[at] == '\\' && at + 1 < text.Length ? 1 : 0;
            _ = read.Append(text[at]);
        }

        at += isQuoted && !isOpen ? 1 : 0;
        value = read.ToString();
        return !isOpen && (!isQuoted || at == text.Length || char.IsWhiteSpace(text[at]));
    }

    /// <summary>Whether a semicolon in the value is one of Npgsql's form: behind it stands another pair, or nothing.</summary>
    private static bool EndsBeforeSemicolon(string text, int start, int end)
    {
        var semicolon = text.IndexOf(';', start, end - start);
        return semicolon >= 0
            && (text.AsSpan(semicolon + 1).IsWhiteSpace()
                || (PairBehind().Match(text[(semicolon + 1)..]) is { Success: true } pair && LibpqNames.IsKnownToEither(pair.Groups["name"].Value)));
    }

    [GeneratedRegex(@"^\s*(?<name>[A-Za-z_]+)\s*=\s*", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex Pair();

    [GeneratedRegex(@"^\s*(?<name>[A-Za-z][A-Za-z_ ]*)=", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex PairBehind();
}
