using AiSystemSpec.Sdk.Runs.Secrets;

namespace AiSystemSpec.Sdk.Tests.Runs.Secrets;

public sealed class RedactorTests
{
    private static readonly Redactor Plain = new([]);

    [Theory]
    [InlineData("Host=db;Username=u;Password=s3cr;Database=d", "Host=db;Username=u;Password=[redacted];Database=d")]
    [InlineData("Host=db;Password=two words;Database=d", "Host=db;Password=[redacted];Database=d")]
    [InlineData("cannot connect: pwd='it is quoted' failed", "cannot connect: pwd='[redacted]' failed")]
    [InlineData("postgresql://u:p@ss/w@db:5432/x", "postgresql://u:[redacted]@db:5432/x")]
    [InlineData("https://user:secret@example.com/a", "https://user:[redacted]@example.com/a")]
    [InlineData("401 for Authorization: Bearer abc.def-ghi", "401 for Authorization: Bearer [redacted]")]
    [InlineData("curl -H 'authorization: Basic dXNlcjpwYXNz'", "curl -H 'authorization: Basic [redacted]'")]
    [InlineData("sent bearer eyJhbGciOi.eyJzdWIiOi.sig now", "sent bearer [redacted] now")]
    [InlineData("Incorrect API key provided: sk-proj-abcdefghijklmnop.", "Incorrect API key provided: [redacted].")]
    [InlineData("key sk-ant-api03-abcdefghijkl_mnop", "key [redacted]")]
    [InlineData("pushed with ghp_abcdefghijklmnopqrstuvwxyz0123456789", "pushed with [redacted]")]
    [InlineData("stripe sk_live_abcdefghijkl and whsec_abcdefghijkl", "stripe [redacted] and [redacted]")]
    [InlineData("AKIAIOSFODNN7EXAMPLE denied", "[redacted] denied")]
    [InlineData("AIzaSyA-abcdefghijklmnopqrstuvwxyz12345 over quota", "[redacted] over quota")]
    [InlineData("xoxb-123456789012-abcdef", "[redacted]")]
    [InlineData("render-sk-proj-abcdefghijklmnop:1", "render-[redacted]:1")]
    [InlineData("sbp_0123456789abcdef0123456789abcdef01234567", "[redacted]")]
    [InlineData("jwt eyJhbGciOiJIUzI1NiJ9.eyJyb2xlIjoiYW5vbiJ9.c2lnbmF0dXJl end", "jwt [redacted] end")]
    [InlineData("""{"api_key": "abc", "model": "small"}""", """{"api_key": "[redacted]", "model": "small"}""")]
    [InlineData("https://api.example.com/v1?api_key=abc123&x=1", "https://api.example.com/v1?api_key=[redacted]&x=1")]
    [InlineData("AccountKey=abc+/==;EndpointSuffix=x", "AccountKey=[redacted];EndpointSuffix=x")]
    public void Redact_takes_out_secrets_of_the_well_known_forms(string text, string expected) =>
        Assert.Equal(expected, Plain.Redact(text, time: null));

    [Theory]
    [InlineData("The key idea: tokens are cheap, a task-oriented secretary disk-formats.")]
    [InlineData("tokens=12; cache_key research:octopus; see https://example.com:8080/a@b")]
    [InlineData("risk-assessment of asia, whisk-broom, monkey: 12")]
    [InlineData("")]
    public void Redact_leaves_other_text_alone(string text) => Assert.Equal(text, Plain.Redact(text, time: null));

    [Theory]
    [InlineData("password=hunter2", "password=[redacted:f52fbd32]")]
    [InlineData("password=[redacted:f52fbd32]", "password=[redacted:f52fbd32]")]
    [InlineData("render-sk-SK-20261125", "render-sk-SK-20261125")]
    public void RedactName_says_which_secret_was_there(string name, string expected) => Assert.Equal(expected, Plain.RedactName(name));

    [Theory]
    [InlineData("password", SecretKind.Password)]
    [InlineData("X-Api-Key", SecretKind.Secret)]
    [InlineData("openAIApiKey", SecretKind.Secret)]
    [InlineData("client_secret", SecretKind.Secret)]
    [InlineData("PGPASSWORD", SecretKind.Password)]
    [InlineData("DB_PASSWORD_2", SecretKind.Password)]
    [InlineData("userAccessTokens", SecretKind.Secret)]
    [InlineData("proxy-authorization", SecretKind.Authorization)]
    [InlineData("token", SecretKind.Maybe)]
    [InlineData("tokens", SecretKind.None)]
    [InlineData("max_tokens", SecretKind.None)]
    [InlineData("tokenCount", SecretKind.None)]
    [InlineData("nextPageToken", SecretKind.None)]
    [InlineData("cache_key", SecretKind.None)]
    [InlineData("primaryKey", SecretKind.None)]
    [InlineData("keyboard", SecretKind.None)]
    [InlineData("api_key_id", SecretKind.None)]
    [InlineData("password_policy", SecretKind.None)]
    [InlineData("compass", SecretKind.None)]
    [InlineData("", SecretKind.None)]
    internal void KindOf_knows_names_of_secrets(string name, SecretKind expected) => Assert.Equal(expected, SecretNames.KindOf(name));
}
