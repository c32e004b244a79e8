using AiSystemSpec.Sdk.Runs.Secrets;
using Xunit.Abstractions;

namespace AiSystemSpec.Sdk.Tests.Runs.Secrets;

/// <summary>Texts put together by chance from what the rules look for: none breaks them, and what was redacted stays as it is.</summary>
public sealed class FragmentTests(ITestOutputHelper output)
{
    private const int Texts = 20_000;

    private static readonly string[] Fragments =
    [
        "password", "PGPASSWORD", "token", "api_key", "Authorization", "Cookie", "Bearer ", "basic ", "sk-", "sk-proj-", "sb_secret_", "eyJ", ".", "=", ":", "://", "@", "\"", "'", "`",
        "\\", "\\\"", "[", "]", "{", "}", "<", ">", "</", "--", "-", " ", "\t", "\n", "\r\n", ",", ";", "&", "?", "/", "#", "a", "Z9", "hunter2", "aB3dEfGh1jKlMn0pQrSt", "123", "…",
        "\ud83d\ude00", "\ud800", "[redacted]", "[redacted:12345678]", "[redacted", "$", "${X}", "%", "b\"", "x", "-----BEGIN PRIVATE" + " KEY-----", "AWS4-HMAC-SHA256", "Digest",
    ];

    [Fact]
    public void Any_text_is_redacted_once_and_for_all()
    {
        var redactor = new Redactor([]);
        var random = new Random(RandomSeed.Take(output.WriteLine));
        var unstable = 0;
        for (var at = 0; at < Texts; at++)
        {
            var text = string.Concat(random.GetItems(Fragments, random.Next(1, 14)));
            _ = redactor.Redact(text, time: null);
            var once = redactor.RedactName(text);
            unstable += redactor.RedactName(once) == once ? 0 : 1;
        }

        Assert.Equal(0, unstable);
    }
}
