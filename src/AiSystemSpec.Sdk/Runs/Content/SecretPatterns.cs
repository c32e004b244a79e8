using System.Text.RegularExpressions;

namespace AiSystemSpec.Sdk.Runs.Content;

/// <summary>The well-known forms of secrets. Each has a time limit: hostile text must not hold up a pipeline.</summary>
internal static partial class SecretPatterns
{
    private const RegexOptions Options = RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture;

    private const int TimeLimit = 250; // milliseconds

    private const string Names =
        "pass(word|wd|phrase)|pwd|(client[_-]?|shared[_-]?)?secret([_-]?key)?|(x-)?(api|access|account|sharedaccess|private|service[_-]?role|anon|secret)[_-]?key"
        + "|(access|refresh|auth|id|session|bearer|api|security)[_-]?token|sig";

    /// <summary>A whole name, as that of a JSON property.</summary>
    [GeneratedRegex($"^(({Names})|authorization|proxy-authorization)$", Options, TimeLimit)]
    public static partial Regex SecretName();

    /// <summary>A name and its value, as in connection strings, query strings, headers and JSON within text.</summary>
    [GeneratedRegex($"""(?<1>(?<![a-z0-9])({Names})["']?\s*[:=]\s*)("[^"]*"|'[^']*'|[^;\r\n"'&]*(?=;)|[^;\s&]+)""", Options, TimeLimit)]
    public static partial Regex NamedSecret();

    /// <summary>The password of <c>scheme://user:password@host</c>; for PostgreSQL's also with signs that ought to be encoded.</summary>
    [GeneratedRegex("""(?<1>\b(postgres(ql)?://[^\s:/@"']*|[a-z][a-z0-9+.-]{0,31}://[^\s:/@"']*):)((?<=postgres(ql)?://[^\s:/@"']*:)[^\s"']+@|[^\s/"'@]+@)""", Options, TimeLimit)]
    public static partial Regex UriPassword();

    /// <summary>The credentials behind <c>Authorization:</c> or <c>Bearer</c>.</summary>
    [GeneratedRegex("""(?<1>\bauthorization["']?\s*[:=]\s*["']?((bearer|basic|digest|negotiate|token)\s+)?|\bbearer\s+)[^\s"',;]{6,}""", Options, TimeLimit)]
    public static partial Regex Authorization();

    /// <summary>Keys that show what they are: OpenAI and Anthropic, Stripe, GitHub, GitLab, AWS, Google, Slack, Supabase, Hugging Face, npm, Groq, xAI, Replicate, and JSON web tokens.</summary>
    [GeneratedRegex(
        @"(?<![A-Za-z0-9])(sk-[A-Za-z0-9_-]{8,}|[srp]k_(live|test)_[A-Za-z0-9]{8,}|whsec_[A-Za-z0-9]{8,}|gh[pousr]_[A-Za-z0-9]{16,}|github_pat_[A-Za-z0-9_]{16,}"
        + @"|glpat-[A-Za-z0-9_-]{16,}|(AKIA|ASIA)[A-Z0-9]{16}(?![A-Za-z0-9])|AIza[A-Za-z0-9_-]{30,}|ya29\.[A-Za-z0-9_-]{16,}|xox[abeoprs]-[A-Za-z0-9-]{8,}"
        + @"|sbp_[A-Za-z0-9_]{16,}|sb_(secret|publishable)_[A-Za-z0-9_-]{8,}|hf_[A-Za-z0-9]{16,}|npm_[A-Za-z0-9]{30,}|gsk_[A-Za-z0-9]{16,}|xai-[A-Za-z0-9]{16,}|r8_[A-Za-z0-9]{16,}"
        + @"|eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}(\.[A-Za-z0-9_-]*)?)",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, TimeLimit)]
    public static partial Regex ApiKey();

    [GeneratedRegex("-----BEGIN [A-Z ]{0,32}PRIVATE KEY-----([^-]|-(?!----END))*(-----END [A-Z ]{0,32}PRIVATE KEY-----)?", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, TimeLimit)]
    public static partial Regex PrivateKey();
}
