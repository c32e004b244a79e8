using System.Buffers;
using System.Text.RegularExpressions;

namespace AiSystemSpec.Sdk.Runs.Content;

/// <summary>Takes secrets out of text before it is stored or spooled: the well-known forms, and what the host adds.</summary>
internal sealed class Redactor(IEnumerable<Regex> additional)
{
    public const string Mark = "[redacted]";

    // Most texts have none of these, and no pattern is tried on them.
    private static readonly SearchValues<string> Signs = SearchValues.Create(
        ["passw", "passphrase", "pwd", "secret", "key", "token", "authorization", "bearer", "sig=", "://", "sk-", "sk_", "pk_", "rk_",
         "ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_", "glpat-", "akia", "asia", "aiza", "ya29.", "xox", "sb_", "sbp_", "hf_", "npm_", "xai-", "r8_", "eyj"],
        StringComparison.OrdinalIgnoreCase);

    private const int LongestName = 64;

    private readonly Regex[] _additional = [.. additional];

    public string Redact(string text)
    {
        try
        {
            if (text.AsSpan().ContainsAny(Signs))
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
        name.Length <= LongestName && name.AsSpan().ContainsAny(Signs) && SecretPatterns.SecretName().IsMatch(name);

    private static string RedactWellKnown(string text)
    {
        text = SecretPatterns.PrivateKey().Replace(text, Mark);
        text = SecretPatterns.UriPassword().Replace(text, $"$1{Mark}@");
        text = SecretPatterns.Authorization().Replace(text, $"$1{Mark}");
        text = SecretPatterns.NamedSecret().Replace(text, $"$1{Mark}");
        return SecretPatterns.ApiKey().Replace(text, Mark);
    }
}
