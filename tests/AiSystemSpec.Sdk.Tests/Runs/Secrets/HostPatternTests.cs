using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using AiSystemSpec.Sdk.Runs.Content;
using AiSystemSpec.Sdk.Runs.Secrets;
using Microsoft.Extensions.Logging.Abstractions;

#pragma warning disable MA0009 // patterns without a time limit are what is tried here
namespace AiSystemSpec.Sdk.Tests.Runs.Secrets;

/// <summary>Patterns of the host's: they redact, and whatever they are, they end.</summary>
public sealed class HostPatternTests
{
    private static readonly string Hostile = new string('a', 40) + "!";

    [Theory]
    [InlineData("customer C-1234 failed", "customer [redacted] failed")]
    [InlineData("C-1C-2", "[redacted]")]
    [InlineData("nothing", "nothing")]
    public void Redact_takes_out_what_the_host_adds(string text, string expected) =>
        Assert.Equal(expected, Redact(new Regex("C-[0-9]+"), text));

    [Fact]
    public void Pattern_without_a_time_limit_is_searched_in_linear_time() => Assert.Equal(Hostile, Redact(new Regex("(a+)+$"), Hostile));

    [Fact]
    public void Pattern_that_looks_around_keeps_its_meaning() =>
        Assert.Equal("id [redacted]", Redact(new Regex("(?<=id )[0-9]+"), "id 42"));

    [Theory]
    [InlineData("(?=(a+)+$)a", -1)]
    [InlineData("^(a|aa)+$", 20)]
    [InlineData("(?=(a+)+$)a", 600_000)]
    public void Text_that_takes_too_long_is_replaced_by_one_that_says_so(string pattern, int milliseconds)
    {
        var limit = milliseconds < 0 ? Regex.InfiniteMatchTimeout : TimeSpan.FromMilliseconds(milliseconds);
        Assert.Equal(Redactor.NotSearched, Redact(new Regex(pattern, RegexOptions.None, limit), Hostile));
    }

    [Fact]
    public void Json_of_many_texts_that_take_too_long_is_bounded_as_a_whole()
    {
        var redactor = new Redactor([new Regex("(?=(a+)+$)a")]);
        var content = new SafeContent(redactor, new SafeNames(redactor, NullLogger.Instance), isStrict: false);
        var stored = JsonNode.Parse(content.Refs(new JsonArray([.. Enumerable.Repeat(Hostile, 1_000).Select(text => JsonValue.Create(text))]), "refs")!)!.AsArray();
        Assert.Equal(1_000, stored.Count(text => (string?)text == Redactor.NotSearched)); // with a limit of each alone: some minutes
    }

    private static string Redact(Regex pattern, string text)
    {
        var redactor = new Redactor([pattern]);
        return redactor.Redact(text, redactor.NewSearchTime());
    }
}
