using System.Buffers;

namespace AiSystemSpec.Sdk.Runs.Secrets;

/// <summary>
/// Finds the password of <c>scheme://user:password@host</c>, and a token in the user's place; also with signs that ought to be encoded.
/// </summary>
internal static class UriUserInfo
{
    private const int Longest = 2 * 1_024;

    private static readonly SearchValues<char> Ends = SearchValues.Create(" \t\r\n\"'`<>");
    private static readonly SearchValues<char> NameEnds = SearchValues.Create(":/@?#");

    /// <summary>Looks behind the colon of <c>://</c>, and returns where to go on.</summary>
    public static int Find(ReadOnlySpan<char> text, int colon, ref SecretRanges found)
    {
        var start = colon + 3;
        var rest = text[start..Math.Min(text.Length, start + Longest)];
        var end = rest.IndexOfAny(Ends);
        rest = end < 0 ? rest : rest[..end];
        var at = rest.LastIndexOf('@');
        if (at < 0)
        {
            return start;
        }

        var nameEnd = rest.IndexOfAny(NameEnds);
        if (rest[nameEnd] == '@' && CredentialLook.IsRandom(rest[..nameEnd]))
        {
            found.Add(text, start, start + nameEnd);
            return start + nameEnd;
        }

        var password = rest[(nameEnd + 1)..Math.Max(at, nameEnd + 1)];
        if (rest[nameEnd] != ':' || rest[0] == '[' || IsPort(password) || IsVariable(password)
            || rest[at..].StartsWith("@sha256:") || rest[..at].Contains(Redactor.MarkStart, StringComparison.Ordinal))
        {
            return start;
        }

        found.Add(text, start + nameEnd + 1, start + at);
        return start + at;
    }

    private static bool IsPort(ReadOnlySpan<char> password)
    {
        var path = password.IndexOfAny("/?#,");
        return path > 0 && path <= 5 && !password[..path].ContainsAnyExceptInRange('0', '9');
    }

    private static bool IsVariable(ReadOnlySpan<char> password)
    {
        var path = password.IndexOfAny("/?#");
        return CredentialLook.IsVariable(path < 0 ? password : password[..path]);
    }
}
