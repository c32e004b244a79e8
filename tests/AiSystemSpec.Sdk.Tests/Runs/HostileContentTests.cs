using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using AiSystemSpec.Sdk.Runs.Content;
using AiSystemSpec.Sdk.Runs.Secrets;
using AiSystemSpec.Sdk.Runs.Stages;
using Microsoft.Extensions.Logging.Abstractions;

namespace AiSystemSpec.Sdk.Tests.Runs;

/// <summary>Content that breaks what reads it: it is stored as well as can be, and nothing is thrown in the background.</summary>
public sealed class HostileContentTests
{
    private static readonly SafeContent Lenient = Content(isStrict: false);
    private static readonly SafeContent Strict = Content(isStrict: true);

    [Theory]
    [InlineData("""{"a":1,"b":2,"a":3}""", """{"a":3,"b":2}""")]
    [InlineData("""[{"a":{"b":1,"b":{"c":1,"c":2}}}]""", """[{"a":{"b":{"c":2}}}]""")]
    [InlineData("""{"a":"x","a":null}""", """{"a":null}""")]
    [InlineData("""{"password":"hunter2","a":1,"a":2}""", """{"password":"[redacted]","a":2}""")]
    public void Last_of_two_equal_keys_wins_in_both_ways_in(string json, string expected)
    {
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), JsonNode.Parse(Lenient.Refs(JsonNode.Parse(json), "refs"))));
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), JsonNode.Parse(Strict.Refs(JsonNode.Parse(json), "refs"))));
    }

    [Theory]
    [InlineData("""{"a":["\udc00"],"b":"\ud800"}""", """{"a":["\ufffd"],"b":"\ufffd"}""")]
    [InlineData("""[1,{"\ud800":1},2]""", """[1,"[not stored: reading it threw System.InvalidOperationException]",2]""")]
    [InlineData("""{"\ud83d\ude00":"\ud83d\ude00"}""", """{"\ud83d\ude00":"\ud83d\ude00"}""")]
    public void Text_that_is_none_is_replaced(string json, string expected) =>
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), JsonNode.Parse(Lenient.Refs(JsonNode.Parse(json), "refs"))));

    [Fact]
    public void Getter_that_throws_leaves_a_text_in_its_place()
    {
        var refs = new JsonObject { ["before"] = 1, ["broken"] = JsonValue.Create(new Broken(null)), ["cyclic"] = JsonValue.Create(new Cyclic()), ["after"] = 2 };
        var stored = JsonNode.Parse(Lenient.Refs(refs, "refs"))!;
        Assert.Equal((1, "[not stored: reading it threw System.FormatException]", 2), ((int)stored["before"]!, (string?)stored["broken"], (int)stored["after"]!));
        Assert.Equal("[not stored: reading it threw System.Text.Json.JsonException]", (string?)stored["cyclic"]);
        Assert.Equal("refs", Assert.Throws<ArgumentException>(() => Strict.Refs(refs, "refs")).ParamName);
    }

    [Fact]
    public void Message_that_throws_leaves_a_text_in_its_place() =>
        Assert.EndsWith("MessageThrows: [not stored: reading it threw System.FormatException]", ErrorSummaries.Of(new MessageThrows()), StringComparison.Ordinal);

    [Fact]
    public void Large_refs_are_cut_without_being_written_out()
    {
        var text = new string('x', 100_000_000);
        var refs = new JsonObject { ["text"] = text, ["list"] = new JsonArray([.. Enumerable.Range(0, 100_000).Select(at => JsonValue.Create(at))]) };
        Assert.StartsWith("""{"_cut":true,"_bytes":100""", Stored(Lenient, refs), StringComparison.Ordinal); // first use compiles
        var before = GC.GetAllocatedBytesForCurrentThread();
        _ = Stored(Lenient, refs);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 20_000_000);
        _ = Stored(Strict, refs);
    }

    [Fact]
    public void Many_nodes_are_not_walked_to_their_end()
    {
        var visited = 0;
        var refs = new JsonArray([.. Enumerable.Range(0, 400_000).Select(_ => JsonValue.Create(new Counted(() => visited++)))]);
        Assert.StartsWith("""{"_cut":true,"_bytes":""", Stored(Lenient, refs), StringComparison.Ordinal);
        Assert.InRange(visited, 1, 300_000);
    }

    [Fact]
    public void Nesting_of_any_depth_is_cut()
    {
        JsonNode deep = new JsonArray();
        for (var level = 1; level < 20_000; level++)
        {
            deep = level % 2 == 0 ? new JsonArray(deep) : new JsonObject { ["a"] = deep };
        }

        Assert.StartsWith("""{"_cut":true,""", Stored(Lenient, deep), StringComparison.Ordinal);
        _ = Assert.Throws<ArgumentException>(() => Strict.Refs(deep, "refs"));
    }

    [Fact]
    public async Task Refs_that_change_meanwhile_are_copied_without_an_exception()
    {
        var refs = new JsonObject();
        using var stop = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));
        var changing = Task.Run(() =>
        {
            for (var at = 0; !stop.IsCancellationRequested; at++)
            {
                refs[$"{at % 50}"] = new JsonArray(at, at);
                _ = refs.Remove($"{(at * 7) % 50}");
            }
        });
        while (!stop.IsCancellationRequested)
        {
            _ = JsonNode.Parse(Lenient.Refs(refs, "refs"));
        }

        await changing;
    }

    [Theory]
    [InlineData(20_000_000)]
    [InlineData(20_000)]
    [InlineData(2_049)]
    public void Long_name_is_cut_and_stays_one_of_its_own(int length)
    {
        var name = new string('x', length);
        var stored = Lenient.Name(name, "runId");
        Assert.Equal(stored, Strict.Name(name, "runId"));
        Assert.Equal(stored, Lenient.Name(SafeNames.Bound(name), "runId"));
        Assert.Equal(stored, Lenient.Name(stored, "runId"));
        Assert.NotEqual(stored, Lenient.Name(name + "y", "runId"));
        Assert.NotEqual(stored, Lenient.Name("y" + name[1..], "runId"));
        Assert.InRange(SafeNames.Bound(name).Length, 0, 20_000);
        Assert.Equal(2_048, Encoding.UTF8.GetByteCount(stored));
        Assert.EndsWith("…[cut]", stored, StringComparison.Ordinal);
    }

    [Fact]
    public void Name_within_the_limit_stays()
    {
        var name = new string('x', 2_046) + "ü";
        Assert.Equal(name, Lenient.Name(name, "runId"));
        Assert.Equal("a\uFFFDb\uFFFD", Lenient.Name("a\0b\ud800", "runId"));
        Assert.Equal("runId", Assert.Throws<ArgumentException>(() => Strict.Name("a\0b", "runId")).ParamName);
    }

    [Theory]
    [InlineData("sk-")]
    [InlineData("sk-proj-")]
    [InlineData("password:")]
    [InlineData("token=[")]
    [InlineData("a://b:")]
    [InlineData("\"token\":\"")]
    [InlineData("\\\"password\\\":\\\"")]
    [InlineData("Bearer ")]
    [InlineData("--token ")]
    [InlineData("eyJaaaaaaaa.")]
    [InlineData("-----BEGIN PRIVATE KEY-----")]
    [InlineData("token: a,b")]
    [InlineData("=")]
    [InlineData("password: x ")]
    [InlineData("authorization: ")]
    public void Work_grows_with_the_texts_length_only(string part)
    {
        var redactor = new Redactor([]);
        var short0 = Repeat(part, 4_000);
        var long0 = Repeat(part, 32_000);
        _ = redactor.Redact(short0, time: null);
        var ratio = Ticks(long0) / Math.Max(1.0, Ticks(short0));
        Assert.InRange(ratio, 0, 40); // 8 for linear work, 64 for quadratic

        // The best of several: a busy machine takes its time from any one.
        double Ticks(string text) => Enumerable.Range(0, 25).Min(_ => Once(text));

        double Once(string text)
        {
            var start = Stopwatch.GetTimestamp();
            _ = redactor.Redact(text, time: null);
            return Stopwatch.GetTimestamp() - start;
        }
    }

    [Theory]
    [InlineData("password=")]
    [InlineData("password=\"")]
    [InlineData("Authorization: Bearer ")]
    [InlineData("Authorization: Digest a=b, c=")]
    [InlineData("Cookie: a=b; c=")]
    [InlineData("Bearer ")]
    [InlineData("tool --token ")]
    [InlineData("sk-proj-")]
    [InlineData("{\"password\":\"")]
    public void Long_secret_is_taken_out_whole(string before)
    {
        var secret = string.Concat(Enumerable.Repeat("aB3dEfGh1j", 4_000));
        Assert.DoesNotContain("aB3dEfGh1j", new Redactor([]).Redact(before + secret, time: null), StringComparison.Ordinal);
    }

    private static string Repeat(string part, int length) => string.Concat(Enumerable.Repeat(part, length / part.Length));

    private static string Stored(SafeContent content, JsonNode refs) => Encoding.UTF8.GetString(content.Refs(refs, "refs")!);

    private static SafeContent Content(bool isStrict)
    {
        var redactor = new Redactor([]);
        return new SafeContent(redactor, new SafeNames(redactor, NullLogger.Instance), isStrict);
    }

    private sealed class Broken(string? value)
    {
        public string Value => value ?? throw new FormatException("hunter2");
    }

    private sealed class Cyclic
    {
        public Cyclic Self => this;
    }

    private sealed class Counted(Action count)
    {
        public int Value
        {
            get
            {
                count();
                return 1;
            }
        }
    }

    private sealed class MessageThrows : Exception
    {
        public override string Message => throw new FormatException();
    }
}
