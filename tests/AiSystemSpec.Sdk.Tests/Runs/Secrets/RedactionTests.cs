using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using AiSystemSpec.Sdk.Runs.Content;
using AiSystemSpec.Sdk.Runs.Secrets;
using Microsoft.Extensions.Logging.Abstractions;

namespace AiSystemSpec.Sdk.Tests.Runs.Secrets;

/// <summary>Both sides of redaction, measured: what must stay, and what must go.</summary>
public sealed class RedactionTests
{
    private const int MostMissed = 10;

    private static readonly Redactor Redactor = new([]);
    private static readonly SafeContent Content = new(Redactor, new SafeNames(Redactor, NullLogger.Instance), isStrict: false);

    [Fact]
    public void Ordinary_text_is_not_changed()
    {
        Assert.InRange(OrdinaryTexts.All.Count, 200, 300);
        AssertNone(OrdinaryTexts.All.Where(text => Content.ErrorSummary(text) != text || Redactor.RedactName(text) != text));
    }

    [Fact]
    public void Ordinary_json_is_not_changed() =>
        AssertNone(OrdinaryTexts.All.Select(text => AsJson(text).ToJsonString()).Where(json => !JsonNode.DeepEquals(JsonNode.Parse(json), JsonNode.Parse(Stored(json)))));

    [Fact]
    public void Secrets_are_taken_out_of_text()
    {
        var made = new MadeSecrets().Make();
        Assert.InRange(made.Count, 180, 300);
        AssertNone(made.Where(one => IsIn(one.Secret, Content.ErrorSummary(one.Text)!)).Select(one => $"{one.Text} => {Content.ErrorSummary(one.Text)}"));
    }

    [Fact]
    public void Secrets_are_taken_out_of_json() =>
        AssertNone(new MadeSecrets().Make().Where(one => IsIn(one.Secret, Stored(AsJson(one.Text).ToJsonString()))).Select(one => one.Text));

    [Fact]
    public void Secrets_are_taken_out_of_json_within_json() =>
        AssertNone(new MadeSecrets().Make().Where(one => IsIn(one.Secret, Stored(JsonSerializer.Serialize(new { body = JsonSerializer.Serialize(new { text = one.Text }) })))).Select(one => one.Text));

    [Fact]
    public void Redacting_twice_changes_nothing() =>
        AssertNone(new MadeSecrets().Make().Where(one => Redactor.RedactName(Redactor.RedactName(one.Text)) != Redactor.RedactName(one.Text)).Select(one => one.Text));

    [Fact]
    public void Missed_secrets_are_few_and_known()
    {
        Assert.InRange(MissedSecrets.All.Count, 0, MostMissed);
        Assert.All(MissedSecrets.All, one => Assert.True(IsIn(one.Secret, Redactor.Redact(one.Text, time: null)), $"No longer missed, take it out of the list: {one.Text}"));
    }

    private static void AssertNone(IEnumerable<string> wrong) => Assert.True(!wrong.Any(), string.Join('\n', wrong));

    /// <summary>Whether half of it is there, or all.</summary>
    private static bool IsIn(string secret, string text) =>
        text.Contains(secret[..(secret.Length / 2)], StringComparison.Ordinal) || text.Contains(secret[(secret.Length / 2)..], StringComparison.Ordinal);

    private static JsonObject AsJson(string text)
    {
        try
        {
            return JsonNode.Parse(text) is JsonObject json ? json : new JsonObject { ["text"] = text };
        }
        catch (JsonException)
        {
            return new JsonObject { ["text"] = text };
        }
    }

    private static string Stored(string json) => Encoding.UTF8.GetString(Content.Refs(JsonNode.Parse(json), "refs")!);
}
