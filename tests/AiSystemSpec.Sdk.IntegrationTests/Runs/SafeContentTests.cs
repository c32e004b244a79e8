using System.Text;
using System.Text.Json.Nodes;
using AiSystemSpec.Sdk.IntegrationTests.Infrastructure;
using AiSystemSpec.Sdk.Runs.Secrets;
using CsCheck;

namespace AiSystemSpec.Sdk.IntegrationTests.Runs;

/// <summary>Generated texts and JSON through both ways in, and back: 10,000 entries, shrunk where one fails.</summary>
public sealed class SafeContentTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private const int Entries = 10_000;
    private const int EntriesAtOnce = 250;

    private static readonly Redactor NoSecrets = new([]);

    // Every sign, those that PostgreSQL cannot hold included; most often plain ones.
    private static readonly Gen<char> AnyChar = Gen.Frequency((6, Gen.Char[' ', '~']), (2, Gen.Char), (1, Gen.Char['\uD800', '\uDFFF']), (1, Gen.Const('\0')));
    private static readonly Gen<string> AnyText = AnyChar.Array[0, 40].Select(signs => new string(signs)).Where(IsOrdinary);
    private static readonly Gen<JsonNode?> AnyJson = Gen.Recursive<JsonNode?>((depth, self) => depth > 4
        ? Leaf
        : Gen.Frequency((3, Leaf), (1, self.Array[0, 4].Select(items => (JsonNode?)new JsonArray([.. items.Select(item => item?.DeepClone())]))), (1, Gen.Select(AnyText, self).Array[0, 4].Select(ToObject))));

    private static readonly Gen<(string Stage, string? Error, JsonNode? Refs)> AnyEntry =
        Gen.Select(AnyText, Gen.Frequency((1, Gen.Const((string?)null)), (5, AnyText.Select(text => (string?)text)), (1, AnyText.Select(text => (string?)string.Concat(Enumerable.Repeat(text, 200))))), AnyJson)
            .Select((stage, error, refs) => (Stage: stage + "x", Error: (string?)error, Refs: (JsonNode?)refs))
            .Where(entry => IsOrdinary(entry.Stage) && (entry.Error is null || IsOrdinary(entry.Error)));

    private readonly HostServices _sdk = HostServices.Over(postgres.ConnectionString);

    private static Gen<JsonNode?> Leaf => Gen.OneOf(
        Gen.Const((JsonNode?)null),
        AnyText.Select(text => (JsonNode?)JsonValue.Create(text)),
        Gen.Long.Select(number => (JsonNode?)JsonValue.Create(number)),
        Gen.Decimal.Select(number => (JsonNode?)JsonValue.Create(number)),
        Gen.Bool.Select(flag => (JsonNode?)JsonValue.Create(flag)));

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _sdk.DisposeAsync();

    [Fact]
    public Task Background_rows_come_back_with_what_cannot_be_stored_replaced() =>
        AnyEntry.Array[EntriesAtOnce].SampleAsync(
            async entries =>
            {
                var run = Guid.NewGuid().ToString();
                for (var at = 0; at < entries.Length; at++)
                {
                    _sdk.Runs.Enqueue(Entry(run, entries[at], at));
                }

                _ = await _sdk.Runs.FlushAsync();
                var rows = (await _sdk.History.GetRunAsync(run))!.Rows;
                Assert.Equal(entries.Length, rows.Count);
                for (var at = 0; at < entries.Length; at++)
                {
                    AssertIs(Replaced(entries[at]), rows[at]);
                }
            },
            iter: Entries / EntriesAtOnce,
            threads: 1);

    [Fact]
    public Task Direct_rows_come_back_as_they_are_or_are_refused() =>
        AnyEntry.SampleAsync(
            async entry =>
            {
                var run = Guid.NewGuid().ToString();
                var isStorable = Replaced(entry.Stage) == entry.Stage && (entry.Error is null || Replaced(entry.Error) == entry.Error) && JsonEquals(Replaced(entry.Refs), entry.Refs);
                if (isStorable)
                {
                    AssertIs(Cut(entry), await _sdk.Runs.WriteAsync(Entry(run, entry, 0)));
                    AssertIs(Cut(entry), Assert.Single((await _sdk.History.GetRunAsync(run))!.Rows));
                }
                else
                {
                    _ = await Assert.ThrowsAnyAsync<ArgumentException>(() => _sdk.Runs.WriteAsync(Entry(run, entry, 0)));
                    Assert.Null(await _sdk.History.GetRunAsync(run));
                }
            },
            iter: Entries,
            threads: 1);

    [Fact]
    public async Task Json_that_is_too_deep_or_too_large_is_cut_in_the_background()
    {
        var run = Guid.NewGuid().ToString();
        JsonNode deep = new JsonArray();
        for (var level = 1; level < 10_000; level++)
        {
            deep = new JsonArray(deep);
        }

        var large = new JsonArray(new string('ü', 40_000));
        var metrics = new StageMetrics { LatencyMs = 1, Tokens = 2, CostUsd = 3, CacheHit = true, RetryCount = 4, Additional = { ["large"] = new string('x', 70_000) } };
        _sdk.Runs.Enqueue(new RunLogEntry(run, "s", RunStatus.Failure) { InputRefs = deep, OutputRefs = large, Metrics = metrics, ErrorSummary = new string('€', 3_000) });
        _ = await _sdk.Runs.FlushAsync();
        var row = Assert.Single((await _sdk.History.GetRunAsync(run))!.Rows);
        Assert.Equal("""{"_cut":true,"_bytes":20000}""", Text(row.InputRefs));
        Assert.Equal("""{"_cut":true,"_bytes":80004}""", Text(row.OutputRefs));
        Assert.Equal(
            (1L, 2L, 3m, true, 4, true),
            (row.Metrics!.LatencyMs!.Value, row.Metrics.Tokens!.Value, row.Metrics.CostUsd!.Value, row.Metrics.CacheHit!.Value, row.Metrics.RetryCount!.Value, (bool)row.Metrics.Additional["_cut"]!));
        Assert.EndsWith("€…[cut]", row.ErrorSummary, StringComparison.Ordinal);
        Assert.InRange(Encoding.UTF8.GetByteCount(row.ErrorSummary!), 2_046, 2_048);
        _ = await Assert.ThrowsAsync<ArgumentException>(() => _sdk.Runs.WriteAsync(new RunLogEntry(run, "s", RunStatus.Failure) { InputRefs = deep }));
    }

    private static RunLogEntry Entry(string run, (string Stage, string? Error, JsonNode? Refs) entry, int at) =>
        new(run, entry.Stage, RunStatus.Failure)
        {
            Attempts = at + 1,
            ErrorSummary = entry.Error,
            OutputRefs = entry.Refs?.DeepClone(),
            Metrics = new StageMetrics { Additional = { ["refs"] = entry.Refs?.DeepClone() } },
        };

    private static void AssertIs((string Stage, string? Error, JsonNode? Refs) expected, PipelineRun row)
    {
        Assert.Equal((expected.Stage, expected.Error), (row.Stage, row.ErrorSummary));
        Assert.True(JsonEquals(expected.Refs, row.OutputRefs), $"{Text(expected.Refs)} became {Text(row.OutputRefs)}");
        Assert.True(JsonEquals(expected.Refs, row.Metrics!.Additional["refs"]));
    }

    private static (string Stage, string? Error, JsonNode? Refs) Replaced((string Stage, string? Error, JsonNode? Refs) entry) =>
        Cut((Replaced(entry.Stage), entry.Error is null ? null : Replaced(entry.Error), Replaced(entry.Refs)));

    /// <summary>The rule in other words than the code's: what is not a whole character, and the zero, becomes U+FFFD.</summary>
    private static string Replaced(string text) =>
        string.Concat(text.EnumerateRunes().Select(rune => rune.Value == 0 ? Rune.ReplacementChar : rune));

    private static JsonNode? Replaced(JsonNode? node) => node switch
    {
        JsonObject properties => ToObject([.. properties.Select(property => (Replaced(property.Key), Replaced(property.Value)))]),
        JsonArray items => new JsonArray([.. items.Select(Replaced)]),
        JsonValue value when value.TryGetValue<string>(out var text) => JsonValue.Create(Replaced(text)),
        _ => node?.DeepClone(),
    };

    private static (string Stage, string? Error, JsonNode? Refs) Cut((string Stage, string? Error, JsonNode? Refs) entry)
    {
        var error = entry.Error;
        if (error is not null && Encoding.UTF8.GetByteCount(error) > 2_048)
        {
            while (Encoding.UTF8.GetByteCount(error) > 2_040)
            {
                error = error[..^(char.IsLowSurrogate(error[^1]) ? 2 : 1)];
            }

            error += "…[cut]";
        }

        return (entry.Stage, error, entry.Refs);
    }

    private static JsonNode? ToObject((string Key, JsonNode? Value)[] properties)
    {
        var result = new JsonObject();
        foreach (var (key, value) in properties)
        {
            result[key] = value?.DeepClone(); // the last of two equal keys, as in jsonb
        }

        return result;
    }

    // What looks like a secret, as chance has it now and then ("pwd':x"), is redacted: other tests are about that.
    private static bool IsOrdinary(string text) =>
        NoSecrets.Redact(text, time: null) == text && SecretNames.KindOf(text) == SecretKind.None;

    private static bool JsonEquals(JsonNode? left, JsonNode? right) => JsonNode.DeepEquals(left, right);

    private static string Text(JsonNode? node) => node?.ToJsonString() ?? "null";
}
