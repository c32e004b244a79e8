using System.Buffers;
using System.Text.RegularExpressions;

namespace AiSystemSpec.Sdk.Runs.Secrets;

/// <summary>
/// Finds keys that show what they are by the prefix that their issuer gives them, JSON web tokens and private keys. Each prefix stands with
/// the least length of what is really issued, since <c>sk-learn</c>, <c>hf_hub_download</c> and <c>sb_secret_rotation</c> are words, too.
/// </summary>
internal static partial class IssuedKeys
{
    // Never reached by the patterns' own work: they are linear.
    private const int TimeLimit = 2_000; // milliseconds

    private static readonly SearchValues<char> Hexadecimal = SearchValues.Create("0123456789abcdef");

    // Most texts have none of these, and no pattern is tried on them.
    private static readonly SearchValues<string> Prefixes = SearchValues.Create(
        [
            "sk-", "sk_", "pk_", "rk_", "whsec_", "ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_", "glpat-", "gldt-", "glrt-", "glptt-", "AKIA", "ASIA", "AIza", "ya29.", "GOCSPX-", "xox", "xapp-",
            "hooks.slack.com/", "/api/webhooks/", "sbp_", "sb_", "hf_", "npm_", "gsk_", "xai-", "r8_", "pplx-", "nvapi-", "tvly-", "pcsk_", "lsv2_", "ntn_", "lin_api_", "SG.", "dop_v1_", "shpat_", "shpss_",
            "pypi-", "dapi", "figd_", "hvs.", "dp.pt.", "PMAK-", "glsa_", "sntrys_", "xkeysib-", "AGE-SECRET-", ":AA", "eyJ",
        ],
        StringComparison.Ordinal);

    /// <summary>Finds private keys; a text without hyphens has none.</summary>
    public static void FindPrivate(string text, ref SecretRanges found)
    {
        if (text.Contains("PRIVATE KEY", StringComparison.Ordinal))
        {
            foreach (var match in PrivateKey().EnumerateMatches(text))
            {
                found.Add(text, match.Index, match.Index + match.Length);
            }
        }
    }

    public static void Find(string text, ref SecretRanges found)
    {
        if (!HasPrefix(text))
        {
            return;
        }

        foreach (var match in Key().EnumerateMatches(text))
        {
            if (IsKey(text.AsSpan(match.Index, match.Length), isAlone: match.Index == 0 || text[match.Index - 1] is not ('-' or '_')))
            {
                found.Add(text, match.Index, match.Index + match.Length);
            }
        }
    }

    /// <summary>
    /// Whether a prefix stands in a run without blanks that is long enough for a key: to look for such a run costs a fraction of a search
    /// for so many prefixes.
    /// </summary>
    private static bool HasPrefix(ReadOnlySpan<char> text)
    {
        while (LongRuns.TryTake(ref text, out var run))
        {
            if (run.ContainsAny(Prefixes))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether a match of a prefix that is also the beginning of words is a key.</summary>
    private static bool IsKey(ReadOnlySpan<char> match, bool isAlone)
    {
        if (match.StartsWith("sb_") || match.StartsWith("ASIA"))
        {
            return match.ContainsAnyInRange('0', '9') && (match[0] == 'A' || CredentialLook.IsRandom(match[3..]));
        }

        return !match.StartsWith("sk-") || IsSkKey(match[3..], isAlone);
    }

    /// <summary>
    /// <c>sk-</c> is the prefix of OpenAI and many others, and the code of a language and a country: with an issuer's mark behind it what
    /// follows must be long; else it must be one run of all kinds of letters and digits, longer where it continues a name, or the
    /// hexadecimal form alone.
    /// </summary>
    private static bool IsSkKey(ReadOnlySpan<char> body, bool isAlone)
    {
        var run = LongestRun(body);
        var hasAllKinds = run.ContainsAnyInRange('a', 'z') && run.ContainsAnyInRange('A', 'Z') && run.ContainsAnyInRange('0', '9');
        if (SkMark().IsMatch(body))
        {
            return run.Length >= 16 || body.Length >= 36 || body.StartsWith("ant-");
        }

        var isHex = !run.ContainsAnyExcept(Hexadecimal) && run.ContainsAnyInRange('a', 'f') && run.ContainsAnyInRange('0', '9');
        return (hasAllKinds && run.Length >= (isAlone ? 20 : 32)) || (isAlone && isHex && run.Length >= 32);
    }

    private static ReadOnlySpan<char> LongestRun(ReadOnlySpan<char> body)
    {
        var longest = body[..0];
        foreach (var part in body.SplitAny('-', '_'))
        {
            longest = part.End.Value - part.Start.Value > longest.Length ? body[part] : longest;
        }

        return longest;
    }

    [GeneratedRegex("^(proj|svcacct|admin|None|service|ant-[a-z]+[0-9]{2}|or-v[0-9]|lf|live|test)-", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, TimeLimit)]
    private static partial Regex SkMark();

    [GeneratedRegex(
        "(?<![A-Za-z0-9])("
        + "sk-[A-Za-z0-9_-]{16,}|[srp]k_(live|test)_[A-Za-z0-9]{8,}|sk_[0-9a-f]{48}(?![A-Za-z0-9])|whsec_[A-Za-z0-9+/=]{12,}" // OpenAI, Anthropic and their like; Stripe; ElevenLabs
        + "|gh[pousr]_[A-Za-z0-9]{16,}|github_pat_[A-Za-z0-9_]{16,}|gl(pat|dt|rt|ptt)-[A-Za-z0-9_.-]{16,}" // GitHub, GitLab
        + "|(AKIA|ASIA)[A-Z0-9]{16}(?![A-Za-z0-9])|AIza[A-Za-z0-9_-]{30,}|ya29\\.[A-Za-z0-9_-]{16,}|GOCSPX-[A-Za-z0-9_-]{20,}" // AWS, Google
        + "|xox[abeoprs]-[0-9][A-Za-z0-9-]{12,}|xapp-[0-9]-[A-Za-z0-9-]{16,}|hooks\\.slack\\.com/(services|workflows|triggers)/[A-Za-z0-9/_-]{16,}" // Slack
        + "|(discord|discordapp)\\.com/api/webhooks/[0-9]+/[A-Za-z0-9_-]{16,}|[0-9]{8,10}:AA[A-Za-z0-9_-]{32,}" // Discord, Telegram
        + "|sbp_(v[0-9]_)?[A-Za-z0-9]{30,}|sb_(secret|publishable)_[A-Za-z0-9_-]{20,}" // Supabase
        + "|(hf|npm|r8)_[A-Za-z0-9]{30,}|gsk_[A-Za-z0-9]{30,}|(xai|pplx|nvapi)-[A-Za-z0-9_-]{30,}|tvly-[A-Za-z0-9-]{24,}|pcsk_[A-Za-z0-9_]{40,}|lsv2_(pt|sk)_[a-f0-9_]{32,}" // models and what is around them
        + "|ntn_[A-Za-z0-9]{40,}|lin_api_[A-Za-z0-9]{30,}|SG\\.[A-Za-z0-9_-]{16,}\\.[A-Za-z0-9_-]{16,}|xkeysib-[a-f0-9]{64}|dop_v1_[a-f0-9]{64}|shp(at|ss)_[A-Fa-f0-9]{32}"
        + "|pypi-AgE[A-Za-z0-9_-]{50,}|dapi[a-f0-9]{32}|figd_[A-Za-z0-9_-]{30,}|hvs\\.[A-Za-z0-9_-]{24,}|dp\\.pt\\.[A-Za-z0-9]{40,}|PMAK-[a-f0-9]{24}-[a-f0-9]{34}"
        + "|glsa_[A-Za-z0-9]{32}_[a-f0-9]{8}|sntrys_[A-Za-z0-9_=+/-]{40,}|AGE-SECRET-KEY-1[A-Z0-9]{50,}"
        + "|eyJ[A-Za-z0-9_-]{6,}\\.(eyJ[A-Za-z0-9_-]{4,}(\\.[A-Za-z0-9_-]*)?|[A-Za-z0-9_-]*(\\.[A-Za-z0-9_-]{4,}){3}))", // JSON web tokens
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, TimeLimit)]
    private static partial Regex Key();

    /// <summary>A private key in PEM, up to its end or the text's: it may be cut, and its lines' ends be escaped.</summary>
    [GeneratedRegex("-----BEGIN [A-Z0-9 ]{0,32}PRIVATE KEY( BLOCK)?-----([^-]|-(?!----END))*(-----END [A-Z0-9 ]{0,32}PRIVATE KEY( BLOCK)?-----)?", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, TimeLimit)]
    private static partial Regex PrivateKey();
}
