namespace AiSystemSpec.Sdk.Text;

/// <summary>What PostgreSQL's <c>text</c> can hold: every Unicode text but those with <c>\0</c> or half of a surrogate pair.</summary>
internal static class StoredText
{
    public static bool IsValid(string value)
    {
        // One look finds most texts valid: they have neither, nor any sign behind the surrogates.
        var other = value.AsSpan().IndexOfAnyExceptInRange('\u0001', '\uD7FF');
        return other < 0 || (!value.AsSpan(other).Contains('\0') && !HasLoneSurrogate(value.AsSpan(other)));
    }

    /// <summary>Refuses what the database could not store, before anything is sent.</summary>
    public static void ThrowIfInvalid(string? value, string argumentName)
    {
        if (value is not null && !IsValid(value))
        {
            throw new ArgumentException(
                @"The text contains \0 or a lone surrogate, which PostgreSQL's text type cannot hold. Remove or replace it before storing.",
                argumentName);
        }
    }

    /// <summary>Refuses null, blank and unstorable text.</summary>
    public static void ThrowIfBlankOrInvalid(string? value, string argumentName)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(value, argumentName);
        ThrowIfInvalid(value, argumentName);
    }

    private static bool HasLoneSurrogate(ReadOnlySpan<char> rest)
    {
        // Vectorised up to the first surrogate: most texts have none.
        for (var at = rest.IndexOfAnyInRange('\uD800', '\uDFFF'); at >= 0; at = rest.IndexOfAnyInRange('\uD800', '\uDFFF'))
        {
            if (at + 1 >= rest.Length || !char.IsSurrogatePair(rest[at], rest[at + 1]))
            {
                return true;
            }

            rest = rest[(at + 2)..];
        }

        return false;
    }
}
