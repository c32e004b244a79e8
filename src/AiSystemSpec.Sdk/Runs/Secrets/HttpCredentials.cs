using System.Buffers;
using System.Collections.Frozen;
using System.Text;

namespace AiSystemSpec.Sdk.Runs.Secrets;

/// <summary>Finds what stands behind an authentication scheme of HTTP, with the header's name before it or without.</summary>
internal static class HttpCredentials
{
    private const int LongestScheme = 24;
    private const int ShortestText = 12;

    private static readonly SearchValues<string> Bearer = SearchValues.Create(["bearer "], StringComparison.OrdinalIgnoreCase);
    private static readonly SearchValues<string> Basic = SearchValues.Create(["basic "], StringComparison.OrdinalIgnoreCase);

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Schemes = Of(
        "bearer", "basic", "negotiate", "ntlm", "apikey", "api-key", "token", "key", "sharedkey", "splunk", "bot");

    // Their credentials have several parts, up to the line's end.
    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> SchemesOfParts = Of("digest", "oauth", "hawk", "aws4-hmac-sha256", "sharedaccesssignature", "signature");

    /// <summary>Finds the credentials behind <c>Authorization:</c>, and returns where they end; else 0.</summary>
    public static int FindBehindHeader(ReadOnlySpan<char> text, int start, ref SecretRanges found)
    {
        var first = SecretValue.Token(text, start);
        var scheme = text[first];
        var next = first.End.Value;
        var isKnown = Schemes.Contains(scheme) || SchemesOfParts.Contains(scheme);
        var second = next + 1 < text.Length && text[next] == ' ' && scheme.Length <= LongestScheme ? SecretValue.Token(text, next + 1) : next..next;
        var credentials = text[second];
        if (isKnown ? credentials.Length >= (SchemesOfParts.Contains(scheme) ? 1 : 6) && !CredentialLook.IsStandIn(credentials) : CredentialLook.IsPlausible(credentials))
        {
            var rest = text[second.Start..].IndexOfAny('\r', '\n');
            var end = !SchemesOfParts.Contains(scheme) ? second.End.Value : rest < 0 ? text.Length : second.Start.Value + rest;
            return SecretValue.Take(text, second.Start.Value, end, ref found);
        }

        return isKnown || !CredentialLook.IsPlausible(scheme) ? 0 : SecretValue.Take(text, start, next, ref found);
    }

    /// <summary>Finds <c>Bearer …</c> and <c>Basic …</c> anywhere.</summary>
    public static void Find(ReadOnlySpan<char> text, ref SecretRanges found)
    {
        if (text.Length >= ShortestText)
        {
            Find(text, Bearer, "bearer ".Length, ref found);
            Find(text, Basic, "basic ".Length, ref found);
        }
    }

    private static void Find(ReadOnlySpan<char> text, SearchValues<string> scheme, int length, ref SecretRanges found)
    {
        for (var at = 0; at < text.Length;)
        {
            var next = text[at..].IndexOfAny(scheme);
            if (next < 0)
            {
                return;
            }

            var start = at + next + length;
            var token = SecretValue.Token(text, start);
            var isWhole = start == length && token.End.Value >= text.TrimEnd().Length - 1;
            if (scheme == Bearer ? IsBearer(text[token], isWhole) : IsBasic(text[token]))
            {
                _ = SecretValue.Take(text, start, token.End.Value, ref found);
            }

            at = start;
        }
    }

    /// <summary>In a sentence it must look like one; alone it is one unless it is a word about it.</summary>
    private static bool IsBearer(ReadOnlySpan<char> value, bool isWhole) =>
        isWhole ? value.Length >= 6 && !CredentialLook.IsStandIn(value) : CredentialLook.IsPlausible(value) && value.Length >= 8;

    /// <summary>Base64 of <c>user:password</c>.</summary>
    private static bool IsBasic(ReadOnlySpan<char> value)
    {
        Span<byte> bytes = stackalloc byte[384];
        if (value.Length is < 6 or > 512)
        {
            return false;
        }

        Span<char> padded = stackalloc char[516];
        value.CopyTo(padded);
        var length = value.Length;
        while (length % 4 != 0)
        {
            padded[length++] = '=';
        }

        return Convert.TryFromBase64Chars(padded[..length], bytes, out var written)
            && bytes[..written].Contains((byte)':')
            && Encoding.UTF8.GetString(bytes[..written]).AsSpan().IndexOfAnyInRange('\0', '\u001F') < 0
            && !Encoding.UTF8.GetString(bytes[..written]).Contains('\uFFFD', StringComparison.Ordinal);
    }

    private static FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Of(params string[] schemes) =>
        schemes.ToFrozenSet(StringComparer.OrdinalIgnoreCase).GetAlternateLookup<ReadOnlySpan<char>>();
}
