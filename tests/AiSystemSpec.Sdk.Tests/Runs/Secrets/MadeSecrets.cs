using System.Globalization;
using System.Text;
using System.Text.Json;

namespace AiSystemSpec.Sdk.Tests.Runs.Secrets;

/// <summary>
/// Texts with secrets in them, made when they are asked for, so that no scanner of sources finds one in the tree. The seed is fixed: what
/// fails, fails again.
/// </summary>
internal sealed class MadeSecrets
{
    private const string Small = "abcdefghijklmnopqrstuvwxyz";
    private const string Capital = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    private const string Digit = "0123456789";
    private const string Hex = "0123456789abcdef";
    private const string Any = Small + Capital + Digit;
    private const string Url = Any + "-_";

    // {P} a password, {W} one that is a word, {K} 32 letters and digits, {H} 40 hexadecimal digits, {J} JSON that holds a password, {B}
    // base64 of user and password.
    private const string Templates =
        """
        Host=db;Username=u;Password={P};Database=d
        Host=db;Username=u;Password={W};Database=d
        Server=tcp:db,1433;User ID=app;Pwd={P};Encrypt=True
        Server=db;Uid=app;pwd='{P} {P}';Encrypt=True
        Data Source=db;Password="{P}";Pooling=true
        host=db port=5432 user=u password={P} dbname=d
        host=db user=u password='{P}' sslmode=require
        localhost:6379,password={P},ssl=True,abortConnect=False
        DefaultEndpointsProtocol=https;AccountName=a;AccountKey={K}{K}==;EndpointSuffix=x
        Endpoint=sb://x.servicebus.windows.net/;SharedAccessKeyName=Root;SharedAccessKey={K}=
        postgresql://u:{P}@db:5432/x
        postgres://u:{W}@db/x?sslmode=require
        postgresql://postgres.abc:{P}@aws-0-eu.pooler.supabase.com:6543/postgres
        postgresql://u:p@{P}/w@db:5432/x
        mysql://root:{P}@127.0.0.1:3306/content
        redis://:{P}@cache:6379/0
        rediss://default:{K}@cache:6380
        mongodb+srv://app:{P}@cluster0.mongodb.net/?retryWrites=true
        amqp://guest:{W}@rabbit:5672/%2f
        https://user:{P}@example.com/a?b=c
        https://{K}@example.com/a
        https://x-access-token:{K}@github.com/org/repo.git
        smtp://mailer:{P}@mail.example.com:587
        cannot reach 'ftp://editor:{P}@files.example.com/in' (550)
        jdbc:postgresql://db/x?user=u&password={P}&ssl=true
        {"password":"{W}"}
        {"password":"a\"{P}"}
        {"x-api-key":["{K}"]}
        {"OPENAI_API_KEY":"{K}"}
        {"X-API-Key":"{W}"}
        {"apiKey":"{K}"}
        {"api-key":"{W}"}
        {"ApiKey": "{K}"}
        {"clientSecret":"{P}"}
        {"client_secret":"{W}"}
        {"AWS_SECRET_ACCESS_KEY":"{K}{P}"}
        {"aws_session_token":"{K}{K}"}
        {"SUPABASE_SERVICE_ROLE_KEY":"{K}"}
        {"supabaseAnonKey":"{K}"}
        {"STRIPE_KEY":"{K}"}
        {"elevenlabsKey":"{H}"}
        {"DB_PASS":"{W}"}
        {"smtp":{"user":"u","pass":"{K}"}}
        {"db":{"credentials":[{"user":"u","passwd":"{W}"}]}}
        {"secrets":{"db":"{P}","mail":"{P}"}}
        {"passwords":["{P}","{P}"]}
        {"access_token":"{K}","token_type":"bearer"}
        {"refreshToken":"{K}"}
        {"id_token":"{K}"}
        {"token":"{K}"}
        {"auth":{"token":"{K}"}}
        {"webhook_secret":"{W}"}
        {"privateKey":"{K}"}
        {"encryption_key":"{H}"}
        {"passphrase":"correct horse battery {W}"}
        {"headers":{"Authorization":"Bearer {K}"}}
        {"headers":{"authorization":["ApiKey {K}"]}}
        {"headers":{"Proxy-Authorization":"Basic {B}"}}
        {"headers":{"Cookie":"session={K}; theme=dark"}}
        {"headers":{"Set-Cookie":["sid={K}; Path=/; HttpOnly"]}}
        {"headers":{"x-goog-api-key":"{W}"}}
        {"headers":{"Ocp-Apim-Subscription-Key":"{H}"}}
        {"headers":[{"name":"x-api-key","value":"{W}"}]}
        {"headers":[["Authorization","Token {K}"]]}
        {"args":["--user","u","--password","{W}"]}
        {"env":[{"name":"PGPASSWORD","value":"{W}"}]}
        {"url":"https://api.example.com/?api_key={K}&x=1"}
        {"body":{J}}
        {"nested":{"body":{J}}}
        {"list":[{J},"x"]}
        {"connectionString":"Host=db;Password={P}"}
        {"dsn":"postgresql://u:{P}@db/x"}
        {"error":"401 for Authorization: Bearer {K}"}
        {"cmd":"PGPASSWORD={W} psql -h db"}
        sent {"password": "{W}", "user": "u"} to the server
        sent {\"password\":\"{W}\",\"user\":\"u\"} to the server
        sent {\"password\":\"a\\\"{P}\"} to the server
        sent {'api_key': '{W}', 'model': 'small'}
        sent {"x-api-key": ["{W}", "{K}"], "a": 1}
        PGPASSWORD={W} psql -h db -U u
        MYSQL_PWD={W} mysql -u root
        export OPENAI_API_KEY={K}
        export ANTHROPIC_API_KEY="{K}"
        set AWS_SECRET_ACCESS_KEY={K}{P}
        $env:SUPABASE_KEY = "{K}"
        DB_PASSWORD={W}
        DB_PASSWORD='{P}'
        SECRET_KEY: {P}
        password: {P}
        password: {W}
        password:{W}
        api_key: "{W}"
        API key: {K}
        Access Key: {K}
        client secret: {K}
        Login failed with password: {P} for user u
        password = "{P}"
        config["password"] = "{P}"
        'password' => '{P}',
        :password=>"{W}"
        <password>{W}</password>
        <ApiKey>{K}</ApiKey>
        Authorization: ApiKey {K}
        Authorization: Bearer {K}
        Authorization: Basic {B}
        Authorization: Token {K}
        Authorization: {K}
        Authorization: Digest username="u", realm="r", response="{H}"
        Authorization: AWS4-HMAC-SHA256 Credential=a/20261125/x, SignedHeaders=host, Signature={H}
        curl -H 'authorization: Basic {B}' https://api.example.com
        curl -H "X-Api-Key: {K}" https://api.example.com
        curl -H "apikey: {K}" -H "Accept: */*"
        Proxy-Authorization: Basic {B}
        401 with Bearer {K} sent
        Bearer {K}
        bearer {W}
        was sent Basic {B} and refused
        Cookie: session={K}; theme=dark
        Set-Cookie: sid={K}; Path=/; HttpOnly
        GET /v1?api_key={K}&x=1 HTTP/1.1
        GET /v1?access_token={W}&x=1 HTTP/1.1
        GET /v1?x=1&token={P} HTTP/1.1
        https://a.blob.core.windows.net/c/b?sv=2024&sig={K}%3D&se=2026
        https://b.s3.amazonaws.com/k?X-Amz-Security-Token={K}&X-Amz-Expires=60
        https://b.s3.amazonaws.com/k?X-Amz-Signature={H}
        https://project.supabase.co/rest/v1/?apikey={K}
        aispec import --connection "Host=db;Password={P}"
        tool --password {P} --verbose
        tool --api-key={W} --verbose
        tool --token {K}
        user: u\npassword: {W}\nport: 5432
        user=u\r\npassword={P}\r\nport=5432
        first line\nAuthorization: Bearer {K}\nlast line
        """;

    private readonly Random _random = new(20_261_125);

    /// <summary>Texts, and the secret in each.</summary>
    public IReadOnlyList<(string Text, string Secret)> Make()
    {
        List<(string Text, string Secret)> all = [.. Issued().Select(key => ($"refused: {key} is not valid", key))];
        all.AddRange(Issued().Where(key => key.Length != 35).Select(key => ($"run-{key}:render", key)).Take(20));
        foreach (var template in Templates.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            all.Add(Fill(template.Replace("\\n", "\n", StringComparison.Ordinal).Replace("\\r", "\r", StringComparison.Ordinal)));
        }

        var key = $"-----BEGIN {"RSA PRIVATE"} KEY-----\n{Text(Any, 64)}\n{Text(Any, 64)}\n-----END RSA PRIVATE KEY-----";
        all.Add((key, key[40..100]));
        all.Add((JsonSerializer.Serialize(new { pem = key }), key[40..90]));
        all.Add((key[..120], key[40..100]));
        return all;
    }

    private IEnumerable<string> Issued()
    {
        foreach (var (prefix, signs, length) in new (string, string, int)[]
        {
            ("sk-", Any, 48), ("sk-", Any, 40), ("sk-proj-", Url, 120), ("sk-svcacct-", Url, 90), ("sk-ant-api03-", Url, 93), ("sk-or-v1-", Hex, 64), ("sk-", Hex, 32),
            ("sk_" + "live_", Any, 24), ("rk_" + "live_", Any, 24), ("sk_" + "test_", Any, 24), ("whsec_", Any, 32), ("sk_", Hex, 48),
            ("ghp_", Any, 36), ("gho_", Any, 36), ("ghs_", Any, 36), ("github" + "_pat_", Any, 82), ("glpat-", Url, 20),
            ("AKIA", Capital + "234567", 16), ("ASIA7", Capital + "234567", 15), ("AIza", Url, 35), ("ya29.", Url, 60), ("GOCSPX-", Url, 28),
            ("xoxb-12345678901-12345678901-", Any, 24), ("xoxp-12345678901-", Any, 32), ("xapp-1-A0123-", Digit + Small, 64), ("https://hooks.slack.com/services/T0123/B0123/", Any, 24),
            ("https://discord.com/api/webhooks/123456789012345678/", Url, 68), ("123456789:AA", Url, 33),
            ("sbp_", Hex, 40), ("sb_" + "secret_", Url, 31), ("hf_", Any, 34), ("npm_", Any, 36), ("gsk_", Any, 52), ("xai-", Any, 80), ("r8_", Any, 37), ("pplx-", Any, 48),
            ("SG." + Text(Url, 22) + ".", Url, 43), ("dop_v1_", Hex, 64), ("shpat_", Hex, 32), ("figd_", Url, 40), ("hvs.", Any, 90), ("dapi", Hex, 32),
            ("eyJhbGciOiJIUzI1NiJ9.eyJ" + Text(Any, 40) + ".", Url, 43),
        })
        {
            yield return prefix + Text(signs, length);
        }
    }

    private (string Text, string Secret) Fill(string template)
    {
        var password = $"{Text(Small, 3)}{Text(Capital, 2)}!{Text(Digit, 2)}{Text(Any, 4)}";
        var word = "hunter" + Text(Small, 4);
        var key = Text(Any, 32);
        var hash = Text(Hex, 40);
        var json = JsonSerializer.Serialize(JsonSerializer.Serialize(new { user = "u", password = "a\"" + password }));
        var basic = Convert.ToBase64String(Encoding.UTF8.GetBytes("user:" + password));
        var text = template.Replace("{P}", password, StringComparison.Ordinal).Replace("{W}", word, StringComparison.Ordinal).Replace("{K}", key, StringComparison.Ordinal)
            .Replace("{H}", hash, StringComparison.Ordinal).Replace("{J}", json, StringComparison.Ordinal).Replace("{B}", basic, StringComparison.Ordinal);
        return (text, template.Contains("{P}", StringComparison.Ordinal) || template.Contains("{J}", StringComparison.Ordinal) ? password
            : template.Contains("{W}", StringComparison.Ordinal) ? word
            : template.Contains("{K}", StringComparison.Ordinal) ? key
            : template.Contains("{H}", StringComparison.Ordinal) ? hash : basic);
    }

    private string Text(string signs, int length) =>
        string.Create(CultureInfo.InvariantCulture, $"{new string(_random.GetItems(signs.AsSpan(), length))}");
}
