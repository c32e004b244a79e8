using System.Buffers;
using System.Text.RegularExpressions;

namespace AiSystemSpec.Sdk.Runs.Content;

/// <summary>Takes secrets out of text before it is stored or spooled: the well-known forms, and what the host adds.</summary>
internal sealed class Redactor(IEnumerable<Regex> additional)
{
    public const string Mark = "[redacted]";

    // Most texts have none of these, and no pattern is tried on them. In two sets, since one of all is several times slower to search for.
    private static readonly SearchValues<string> Words = SearchValues.Create(
        ["passw", "passphrase", "pwd", "secret", "key", "token", "authorization", "bearer", "sig=", "://", "akia", "asia", "aiza", "ya29.", "eyj"],
        StringComparison.OrdinalIgnoreCase);

    private static readonly SearchValues<string> Prefixes = SearchValues.Create(
        ["sk-", "sk_", "pk_", "rk_", "whsec_", "ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_", "glpat-", "xox", "sb_", "sbp_", "hf_", "npm_", "xai-", "r8_"],
        StringComparison.Ordinal);

    private const int LongestName = 64;

    private readonly Regex[] _additional = [.. additional];

    public string Redact(string text)
    {
        try
        {
            if (HasSign(text))
            {
                text = RedactWellKnown(text);
            }

            foreach (var pattern in _additional)
            {
                text = pattern.Replace(text, Mark);
            }

            return text;
        }
        catch (RegexMatchTimeoutException)
        {
            return Mark; // what could not be searched to its end might hold a secret
        }
    }

    /// <summary>Whether a JSON property of this name holds a secret, whatever its form.</summary>
    public static bool IsSecretName(string name) =>
        name.Length <= LongestName && name.AsSpan().ContainsAny(Words) && SecretPatterns.SecretName().IsMatch(name);

    private static bool HasSign(ReadOnlySpan<char> text) =>
        text.ContainsAny(Words) || (text.ContainsAny('_', '-') && text.ContainsAny(Prefixes));

    private static string RedactWellKnown(string text)
    {
        text = SecretPatterns.PrivateKey().Replace(text, Mark);
        text = SecretPatterns.UriPassword().Replace(text, $"$1{Mark}@");
        text = SecretPatterns.Authorization().Replace(text, $"$1{Mark}");
        text = SecretPatterns.NamedSecret().Replace(text, $"$1{Mark}");
        return SecretPatterns.ApiKey().Replace(text, Mark);
    }
}
