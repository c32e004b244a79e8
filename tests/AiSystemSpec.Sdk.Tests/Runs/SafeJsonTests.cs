using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using AiSystemSpec.Sdk.Runs.Content;
using AiSystemSpec.Sdk.Runs.Secrets;
using Microsoft.Extensions.Logging.Abstractions;

namespace AiSystemSpec.Sdk.Tests.Runs;

public sealed class SafeJsonTests
{
    private static readonly SafeContent Lenient = Content([], isStrict: false);
    private static readonly SafeContent Strict = Content([], isStrict: true);

    private static SafeContent Content(IEnumerable<Regex> redactions, bool isStrict)
    {
        var redactor = new Redactor(redactions);
        return new SafeContent(redactor, new SafeNames(redactor, NullLogger.Instance), isStrict);
    }

    [Theory]
    [InlineData("""{"password":"x","list":["Bearer abcdefghij",{"sk-proj-abcdefghijklmnop":1}]}""", """{"password":"[redacted]","list":["Bearer [redacted]",{"[redacted]":1}]}""")]
    [InlineData("""{"a":"\ud83d","b":"\ud83d\ude00","c":"\u0000\n"}""", """{"a":"�","b":"😀","c":"�\n"}""")]
    [InlineData("""[1.10,1e3,true,null,"",{},[]]""", """[1.10,1e3,true,null,"",{},[]]""")]
    public void Refs_are_copied_safely_in_the_background(string json, string expected) =>
        Assert.Equal(expected, Encoding.UTF8.GetString(Lenient.Refs(JsonNode.Parse(json), "refs")!).Replace("\\uD83D\\uDE00", "😀", StringComparison.Ordinal));

    [Fact]
    public void Values_that_have_no_json_become_text_in_the_background()
    {
        var refs = new JsonArray(JsonValue.Create(double.NaN), JsonValue.Create(float.PositiveInfinity), JsonValue.Create(new DateTime(2026, 1, 2, 0, 0, 0, DateTimeKind.Utc)));
        Assert.Equal("""["NaN","Infinity","2026-01-02T00:00:00Z"]""", Encoding.UTF8.GetString(Lenient.Refs(refs, "refs")!));
        var refused = Assert.Throws<ArgumentException>(() => Strict.Refs(refs, "refs"));
        Assert.Equal("refs", refused.ParamName);
    }

    [Fact]
    public void Objects_of_the_hosts_are_reached_by_the_rules()
    {
        var refs = new JsonArray(JsonValue.Create(new { password = "x", note = "a\0b" }));
        Assert.Equal("""[{"password":"[redacted]","note":"a�b"}]""", Encoding.UTF8.GetString(Lenient.Refs(refs, "refs")!));
    }

    [Theory]
    [InlineData(1_000, false)]
    [InlineData(1_001, true)]
    public void Depth_is_bounded_without_recursion(int depth, bool isCut)
    {
        JsonNode refs = new JsonArray();
        for (var level = 1; level < depth; level++)
        {
            refs = new JsonArray(refs);
        }

        var copied = Encoding.UTF8.GetString(Lenient.Refs(refs, "refs")!);
        Assert.Equal(isCut ? $$"""{"_cut":true,"_bytes":{{2 * depth}}}""" : new string('[', depth) + new string(']', depth), copied);
    }

    [Theory]
    [InlineData(65_534, false)]
    [InlineData(65_535, true)]
    public void Size_is_bounded_in_bytes_of_utf8(int length, bool isCut)
    {
        var copied = Encoding.UTF8.GetString(Strict.Refs(JsonValue.Create(new string('x', length)), "refs")!);
        Assert.Equal(isCut, copied.StartsWith("""{"_cut":true""", StringComparison.Ordinal));
        Assert.Contains(isCut ? "65537" : "xxx", copied, StringComparison.Ordinal);
    }

    [Fact]
    public void Metrics_that_are_too_large_keep_the_known_ones()
    {
        var metrics = new StageMetrics { LatencyMs = 1, CostUsd = 0.5m, CacheHit = false, Additional = { ["x"] = new string('x', 70_000) } };
        Assert.Equal("""{"latency_ms":1,"cost_usd":0.5,"cache_hit":false,"_cut":true}""", Encoding.UTF8.GetString(Lenient.Metrics(metrics)!));
    }

    [Fact]
    public void ErrorSummary_is_redacted_before_it_is_cut()
    {
        var summary = Lenient.ErrorSummary(new string('x', 2_035) + " Bearer " + new string('y', 100))!;
        Assert.DoesNotContain("yyy", summary, StringComparison.Ordinal);
        Assert.True(Encoding.UTF8.GetByteCount(summary) <= 2_048);
        Assert.EndsWith("…[cut]", summary, StringComparison.Ordinal);
        Assert.Equal(2_048, Encoding.UTF8.GetByteCount(Lenient.ErrorSummary(new string('x', 100_000_000))!));
    }

    [Fact]
    public void Hosts_patterns_reach_into_json()
    {
        var content = Content([new Regex("C-[0-9]+", RegexOptions.None, TimeSpan.FromSeconds(1))], isStrict: false);
        Assert.Equal("""["[redacted]"]""", Encoding.UTF8.GetString(content.Refs(new JsonArray("C-12"), "refs")!));
    }
}
