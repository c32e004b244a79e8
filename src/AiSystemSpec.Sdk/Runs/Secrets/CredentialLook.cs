using System.Buffers;
using System.Collections.Frozen;

namespace AiSystemSpec.Sdk.Runs.Secrets;

/// <summary>What a value looks like, where its name alone does not decide.</summary>
internal static class CredentialLook
{
    private const int ShortestRandom = 16;
    private const int ShortestPlausible = 6;

    private static readonly SearchValues<char> Versions = SearchValues.Create("0123456789.-");
    private static readonly SearchValues<char> Symbols = SearchValues.Create("!@#$%^&*=");
    private static readonly SearchValues<char> Masks = SearchValues.Create("*x•.-_?X…");
    private static readonly SearchValues<char> Variables = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789");
    private static readonly SearchValues<char> Templates = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_.-<>{} ");
    private static readonly SearchValues<char> Names = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_.");

    // What stands in the place of a value: in messages, documentation and declarations.
    private static readonly Func<ReadOnlySpan<char>, bool> StandIns = new[]
    {
        "null", "none", "nil", "true", "false", "undefined", "required", "missing", "invalid", "incorrect", "wrong", "empty", "unset", "set", "not", "optional", "hidden", "masked",
        "expired", "omitted", "yes", "no", "unknown", "n/a", "changed", "provided", "rejected", "string", "str", "number", "int", "bool", "boolean", "text", "varchar", "any", "object",
        "bytes", "uuid", "token", "auth", "authentication", "authorization", "credentials", "credential", "header", "scheme", "realm",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase).GetAlternateLookup<ReadOnlySpan<char>>().Contains;

    /// <summary>Whether nothing is given away: a mask, a variable, a word that says what is the matter with the value.</summary>
    public static bool IsStandIn(ReadOnlySpan<char> value)
    {
        value = value.TrimEnd(".,;:!)]}");
        return value.IsEmpty || value.Contains(Redactor.MarkStart, StringComparison.OrdinalIgnoreCase) || StandIns(value) || IsMask(value) || IsVariable(value) || IsPath(value);
    }

    /// <summary>Whether a value looks like one that was made by chance: long, and of changing kinds of letters and digits.</summary>
    public static bool IsRandom(ReadOnlySpan<char> value)
    {
        var changes = 0;
        var letters = 0;
        var digits = 0;
        var previous = Kind.Other;
        foreach (var sign in value)
        {
            var kind = KindOf(sign);
            if (kind == Kind.Other && !"-_.+/=~%:".Contains(sign, StringComparison.Ordinal))
            {
                return false;
            }

            letters += kind is Kind.Small or Kind.Capital ? 1 : 0;
            digits += kind == Kind.Digit ? 1 : 0;
            changes += kind != Kind.Other && previous != Kind.Other && kind != previous ? 1 : 0;
            previous = kind;
        }

        return value.Length >= ShortestRandom && letters > 0 && changes >= Math.Max(4, (letters + digits) / (digits > 0 ? 6 : 3));
    }

    /// <summary>Whether a value could be a password rather than a word, a number, a date, a version or a path.</summary>
    public static bool IsPlausible(ReadOnlySpan<char> value)
    {
        value = value.TrimEnd(".,;:!?)]}");
        if (value.Length < ShortestPlausible || IsStandIn(value) || value.ContainsAny(" \t\r\n"))
        {
            return false;
        }

        var words = value.TrimStart("0123456789").TrimStart('-');
        var isCounted = words.Length < value.Length && !words.ContainsAnyExceptInRange('a', 'z'); // "8-character", "2nd"
        var isVersion = !value.TrimStart("vV").ContainsAnyExcept(Versions);
        var hasLetter = value.ContainsAnyInRange('a', 'z') || value.ContainsAnyInRange('A', 'Z');
        return hasLetter && !isCounted && !isVersion && (value.ContainsAnyInRange('0', '9') || value.ContainsAny(Symbols));
    }

    /// <summary>The value of <c>PWD</c> is a folder in most shells.</summary>
    private static bool IsPath(ReadOnlySpan<char> value) => value[0] is '/' or '~' && !IsRandom(value);

    private static bool IsMask(ReadOnlySpan<char> value) =>
        !value.ContainsAnyExcept(Masks) && (value.Length > 2 || !value.ContainsAny('x', 'X'));

    public static bool IsVariable(ReadOnlySpan<char> value) =>
        value.IsEmpty || (value[0] is '<' or '{' && !value.ContainsAnyExcept(Templates))
        || (value[0] == '$' && (value.Length == 1 || value[1] is '{' or '(' || !value[1..].ContainsAnyExcept(Variables)))
        || (value[0] == '%' && value[^1] == '%')
        || value.StartsWith("os.environ") || value.StartsWith("process.env") || value.StartsWith("Environment.") || IsCall(value);

    /// <summary>A name and what stands in brackets behind it: a call, in a message that quotes code.</summary>
    private static bool IsCall(ReadOnlySpan<char> value)
    {
        var open = value.IndexOfAny('(', '[');
        return open > 0 && !value[..open].ContainsAnyExcept(Names) && (open == value.Length - 1 || value[open + 1] is '"' or '\'' or ')');
    }

    private static Kind KindOf(char sign) =>
        char.IsAsciiLetterLower(sign) ? Kind.Small : char.IsAsciiLetterUpper(sign) ? Kind.Capital : char.IsAsciiDigit(sign) ? Kind.Digit : Kind.Other;

    private enum Kind
    {
        Other,
        Small,
        Capital,
        Digit,
    }
}
