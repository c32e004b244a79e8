using System.Buffers;
using System.Collections.Frozen;

namespace AiSystemSpec.Sdk.Runs.Secrets;

/// <summary>
/// The one place that knows which names stand for secrets: of JSON properties, headers, settings, variables and parameters, in any
/// spelling. A name is read as words (<c>xApiKey</c>, <c>X-API-KEY</c>, <c>x_api_key</c>), and its last words decide: a <c>cache_key</c>,
/// a <c>token_count</c> and a <c>password_policy</c> are none.
/// </summary>
internal static class SecretNames
{
    public const int LongestName = 64;

    // Most names have none of these, and are not read any further.
    private static readonly SearchValues<string> Signs = SearchValues.Create(
        ["pass", "pwd", "secret", "key", "token", "auth", "cred", "cookie", "sig", "jwt", "bearer"], StringComparison.OrdinalIgnoreCase);

    // They say which of several a secret is, or in which form.
    private static readonly Set Endings = Of("value", "hash", "hashed", "plain", "raw", "encrypted", "base", "confirm", "confirmation", "header", "prod", "dev", "staging", "live", "test");

    private static readonly Set Passwords = Of("password", "passwd", "passphrase", "passcode", "pwd", "pswd");
    private static readonly Set OwnersOfPass = Of("db", "database", "mysql", "pg", "postgres", "redis", "mongo", "smtp", "mail", "email", "imap", "ftp", "ssh", "user", "admin", "root", "proxy", "http", "basic", "login");

    private static readonly Set Keys = Of(
        "apikey", "accesskey", "secretkey", "privatekey", "accountkey", "sharedkey", "servicekey", "servicerolekey", "anonkey", "authkey", "adminkey", "masterkey",
        "encryptionkey", "decryptionkey", "signingkey", "deploykey", "licensekey", "subscriptionkey", "hmackey", "jwtkey", "sshkey", "securitykey", "functionkey", "webhookkey", "writekey");

    private static readonly Set OwnersOfTokens = Of(
        "access", "refresh", "auth", "id", "session", "bearer", "api", "security", "oauth", "bot", "personal", "csrf", "xsrf", "jwt", "secret", "private", "service", "deploy",
        "device", "login", "verification", "reset", "invite", "identity", "app", "user", "admin", "webhook", "registration", "client", "vault", "runner");

    private static readonly Set Issuers = Of(
        "openai", "anthropic", "gemini", "google", "supabase", "stripe", "sendgrid", "twilio", "elevenlabs", "deepgram", "mistral", "cohere", "huggingface", "hf", "replicate", "groq",
        "azure", "aws", "cloudflare", "github", "gitlab", "slack", "npm", "discord", "telegram", "notion", "youtube", "pinecone", "perplexity", "runway", "stability", "heygen");

    // Words of models and of lists, not of access.
    private static readonly Set OtherTokens = Of(
        "page", "next", "prev", "previous", "continuation", "sync", "stop", "start", "end", "first", "last", "eos", "bos", "pad", "unk", "mask", "sep", "cls", "special", "max", "min",
        "total", "per", "prompt", "completion", "input", "output", "cache", "cached", "reasoning", "cancellation");

    private static readonly Set Uncertain = Of("auth", "jwt", "bearer", "sig", "signature", "credential", "cred");

    private delegate bool Set(ReadOnlySpan<char> word);

    /// <summary>Whether there could be such a name anywhere in a text.</summary>
    public static bool AreIn(ReadOnlySpan<char> text) => text.ContainsAny(Signs);

    public static SecretKind KindOf(ReadOnlySpan<char> name)
    {
        if (!AreIn(name))
        {
            return SecretKind.None;
        }

        var words = new NameWords(name.Length > LongestName ? name[^LongestName..] : name, stackalloc char[LongestName], stackalloc int[LongestName + 1]);
        while (words.Count > 1 && Endings(words.Last(1)))
        {
            words.DropLast();
        }

        return words.Count == 0 ? SecretKind.None : KindOf(words);
    }

    private static SecretKind KindOf(NameWords words)
    {
        var last = words.Last(1);
        var isPlural = last.Length > 4 && last[^1] == 's';
        var one = isPlural ? last[..^1] : last;
        if (Passwords(one) || one.EndsWith("password") || one.EndsWith("passwd") || one.EndsWith("passphrase") || IsPass(words, last))
        {
            return SecretKind.Password;
        }

        if (one.EndsWith("secret") || IsKey(words, one, isPlural))
        {
            return SecretKind.Secret;
        }

        return one switch
        {
            "authorization" => SecretKind.Authorization,
            "cookie" => SecretKind.Cookie,
            "pass" => words.Count == 1 ? SecretKind.Maybe : SecretKind.None,
            _ when one.EndsWith("token") => KindOfToken(words, one, isPlural),
            _ => Uncertain(one) ? SecretKind.Maybe : SecretKind.None,
        };
    }

    private static bool IsPass(NameWords words, ReadOnlySpan<char> last) =>
        last.EndsWith("pass") && (last.Length > 4 ? OwnersOfPass(last[..^4]) : words.Count > 1 && OwnersOfPass(words.Word(2)));

    private static bool IsKey(NameWords words, ReadOnlySpan<char> one, bool isPlural)
    {
        if (!one.EndsWith("key"))
        {
            return false;
        }

        var cut = isPlural ? 1 : 0;
        return Keys(one) || one.EndsWith("apikey") || one.EndsWith("secretkey") || one.EndsWith("accesskey")
            || (words.Count > 1 && (Keys(words.Last(2)[..^cut]) || (one.Length == 3 && Issuers(words.Word(2)))))
            || (words.Count > 2 && Keys(words.Last(3)[..^cut]));
    }

    private static SecretKind KindOfToken(NameWords words, ReadOnlySpan<char> one, bool isPlural)
    {
        var owner = one.Length > 5 ? one[..^5] : words.Count > 1 ? words.Word(2) : default;
        if (OwnersOfTokens(owner) || Issuers(owner))
        {
            return SecretKind.Secret;
        }

        return isPlural || OtherTokens(owner) ? SecretKind.None : SecretKind.Maybe;
    }

    private static Set Of(params string[] words) =>
        words.ToFrozenSet(StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>().Contains;
}
