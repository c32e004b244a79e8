using System.Linq.Expressions;
using System.Text.Json.Nodes;
using AiSystemSpec.Sdk.IntegrationTests.Infrastructure;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace AiSystemSpec.Sdk.IntegrationTests.Persistence;

/// <summary>LINQ over what stands inside the JSON: the database's answer is that of reading the rows, or there is none.</summary>
public sealed class MetricsQueryTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private static readonly string?[] Metrics =
    [
        """{"latency_ms": 120, "cost_usd": 0.5, "tokens": 10, "cache_hit": true, "retry_count": 1}""",
        """{"latency": 80, "cost": 0.25, "tokens": 5, "cache_hit": false}""",
        """{"latency_ms": 90, "latency": 1, "cost_usd": 0.125, "cost": 1}""",
        """{"latency_ms": null, "latency": 7, "cost_usd": null, "cost": 9, "cache_hit": null, "tokens": null}""",
        """{"latency_ms": "12", "latency": 7, "cost_usd": "0.5", "cost": 9, "tokens": "many", "cache_hit": "true", "retry_count": {}}""",
        """{"latency_ms": [12], "cost_usd": [1], "tokens": [5], "cache_hit": [true], "retry_count": 1.5}""",
        """{"latency_ms": {"a": 1}, "cost_usd": {"a": 1}, "tokens": true, "cache_hit": 1, "retry_count": [1]}""",
        """{"latency_ms": 12.0, "cost_usd": 1e2, "tokens": 1e3, "cache_hit": true}""",
        """{"latency_ms": 1e400, "cost_usd": 1e400, "tokens": 9223372036854775808, "retry_count": 2147483648}""",
        """{"latency_ms": -3.5, "cost_usd": -0.1, "tokens": 9007199254740993, "retry_count": -2147483648}""",
        """{"cost_usd": 0.123456789012345678901234567890}""",
        """{"CostUsd": 1000, "LatencyMs": 1000, "Tokens": 1000, "CacheHit": true, "RetryCount": 1000, "": 1000}""",
        "[1, 2]", "[]", "null", "\"text\"", "5", "true", "{}", null,
    ];

    private static readonly Dictionary<string, Func<IQueryable<PipelineRun>, object?>> Questions = new(StringComparer.Ordinal)
    {
        ["cost"] = runs => decimal.Round(runs.Sum(run => run.Metrics!.CostUsd) ?? 0, 18),
        ["tokens"] = runs => runs.Sum(run => run.Metrics!.Tokens),
        ["retries"] = runs => runs.Sum(run => (long?)run.Metrics!.RetryCount),
        ["mean latency"] = runs => runs.Average(run => run.Metrics!.LatencyMs),
        ["dearest"] = runs => runs.Max(run => run.Metrics!.CostUsd),
        ["hits"] = runs => runs.Count(run => run.Metrics!.CacheHit == true),
        ["misses"] = runs => runs.Count(run => run.Metrics!.CacheHit == false),
        ["not hits"] = runs => runs.Count(run => run.Metrics!.CacheHit != true),
        ["hit, as a condition"] = runs => runs.Count(run => run.Metrics!.CacheHit ?? false),
        ["states no latency"] = runs => runs.Count(run => run.Metrics!.LatencyMs == null),
        ["states a latency"] = runs => runs.Count(run => run.Metrics!.LatencyMs != null),
        ["states a cost"] = runs => runs.Count(run => run.Metrics!.CostUsd.HasValue),
        ["slow"] = runs => runs.Any(run => run.Metrics!.LatencyMs > 100),
        ["one cost"] = runs => runs.Count(run => run.Metrics!.CostUsd == 0.25m),
        ["of some costs"] = runs => runs.Count(run => new decimal?[] { 0.25m, 100m }.Contains(run.Metrics!.CostUsd)),
        ["by cost"] = runs => Joined(runs.Where(run => run.Metrics!.CostUsd != null).OrderByDescending(run => run.Metrics!.CostUsd).ThenBy(run => run.Attempts).Select(run => run.Attempts)),
        ["by hit"] = runs => Joined(runs.GroupBy(run => run.Metrics!.CacheHit).Select(hits => new { hits.Key, Count = hits.Count(), Tokens = hits.Sum(run => run.Metrics!.Tokens) })
            .OrderBy(hits => hits.Key == null).ThenBy(hits => hits.Key).AsEnumerable().Select(hits => $"{hits.Key} {hits.Count} {hits.Tokens}")),
        ["latencies"] = runs => Joined(runs.OrderBy(run => run.Attempts).Select(run => run.Metrics!.LatencyMs)),
        ["succeeded"] = runs => runs.Count(run => run.Status == RunStatus.Success),
        ["succeeded, as text"] = runs => runs.Count(run => run.Status != null && run.Status!.Value.Value == "success"),
        ["known"] = runs => runs.Count(run => run.Status != null && run.Status!.Value.IsKnown),
        ["of some statuses"] = runs => runs.Count(run => new RunStatus?[] { RunStatus.Success, new RunStatus("warning") }.Contains(run.Status)),
        ["by status"] = runs => Joined(runs.Where(run => run.Status != null).GroupBy(run => run.Status).Select(rows => new { rows.Key, Count = rows.Count() }).AsEnumerable()
            .OrderBy(rows => rows.Key!.Value.Value, StringComparer.Ordinal).Select(rows => $"{rows.Key} {rows.Count}")),
    };

    private static readonly Dictionary<string, Expression<Func<PipelineRun, bool>>> Untranslatable = new(StringComparer.Ordinal)
    {
        ["any additional"] = run => run.Metrics!.Additional.Any(),
        ["additional key"] = run => run.Metrics!.Additional.ContainsKey("model"),
        ["additional value"] = run => run.Metrics!.Additional["model"] != null,
        ["additional condition"] = run => run.Metrics!.Additional.Any(pair => pair.Key == "model"),
        ["additional count"] = run => run.Metrics!.Additional.Count > 0,
        ["reference"] = run => run.InputRefs!["a"] != null,
        ["reference as text"] = run => run.InputRefs!["a"]!.GetValue<string>() == "b",
        ["array of references"] = run => ((JsonArray)run.InputRefs!).Count > 0,
        ["object of references"] = run => ((JsonObject)run.InputRefs!).Count > 0,
        ["any reference"] = run => run.InputRefs!.AsArray().Any(),
        ["root of references"] = run => run.OutputRefs!.Root == null,
    };

    private readonly HostServices _sdk = HostServices.Over(postgres.ConnectionString);

    public static TheoryData<string> QuestionNames => [.. Questions.Keys];

    public static TheoryData<string> UntranslatableNames => [.. Untranslatable.Keys];

    public async Task InitializeAsync()
    {
        await Sql.ExecuteAsync(
            postgres.ConnectionString,
            """
            INSERT INTO public.pipeline_runs (run_id, stage, attempts, status, metrics, input_refs)
            SELECT 'odd', 'a', n, (ARRAY['success', 'failure', 'warning', 'Success', '', NULL])[n % 6 + 1], NULLIF(m, '')::jsonb, CASE WHEN n % 2 = 0 THEN '{"a": "b"}'::jsonb ELSE '["a"]' END
            FROM unnest($1) WITH ORDINALITY AS row (m, n) WHERE NOT EXISTS (SELECT FROM public.pipeline_runs)
            """,
            new object[] { Metrics.Select(metrics => metrics ?? "").ToArray() });
    }

    public async Task DisposeAsync() => await _sdk.DisposeAsync();

    [Theory]
    [MemberData(nameof(QuestionNames))]
    public async Task Answer_is_that_of_reading_the_rows(string question)
    {
        await using var context = _sdk.Services.GetRequiredService<IDbContextFactory<AiSystemSpecDbContext>>().CreateDbContext();
        await using var hosts = HostContext.Over(postgres.ConnectionString);
        var rows = await context.PipelineRuns.AsNoTracking().ToListAsync();
        rows.ForEach(row => row.Metrics ??= new StageMetrics()); // objects have no NULL that spreads
        var expected = Questions[question](rows.AsQueryable());
        Assert.Equal(expected, Questions[question](context.PipelineRuns.AsNoTracking()));
        Assert.Equal(expected, Questions[question](hosts.Runs.AsNoTracking()));
    }

    [Theory]
    [MemberData(nameof(UntranslatableNames))]
    public void Question_that_has_no_translation_is_refused_and_says_what_to_do(string question)
    {
        using var context = _sdk.Services.GetRequiredService<IDbContextFactory<AiSystemSpecDbContext>>().CreateDbContext();
        using var hosts = HostContext.Over(postgres.ConnectionString);
        using var bare = HostContext.Over(postgres.ConnectionString, useAiSystemSpec: false);
        foreach (var runs in new[] { context.PipelineRuns, hosts.Runs, bare.Runs })
        {
            var error = Assert.Throws<InvalidOperationException>(() => runs.Count(Untranslatable[question]));
            Assert.Contains("AsEnumerable", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Json_functions_of_the_provider_work_on_refs_and_metrics()
    {
        await using var context = _sdk.Services.GetRequiredService<IDbContextFactory<AiSystemSpecDbContext>>().CreateDbContext();
        await using var hosts = HostContext.Over(postgres.ConnectionString);
        var (objects, arrays) = (Metrics.Length / 2, Metrics.Length - (Metrics.Length / 2));
        JsonNode wanted = new JsonObject { ["a"] = "b" };
        var text = wanted.ToJsonString();
        string[] drafts = ["CostUsd", "Tokens"], costs = ["cost", "CostUsd"]; // parameters: of constants the provider makes an unqualified text[]
        foreach (var runs in new[] { context.PipelineRuns, hosts.Runs })
        {
            Assert.Equal(objects, await runs.CountAsync(run => EF.Functions.JsonContains(run.InputRefs!, """{"a": "b"}""")));
            Assert.Equal(objects, await runs.CountAsync(run => EF.Functions.JsonContains(run.InputRefs!, text)));
            Assert.Equal(objects, await runs.CountAsync(run => EF.Functions.JsonContains(run.InputRefs!, wanted)));
            Assert.Equal(arrays, await runs.CountAsync(run => EF.Functions.JsonContained(run.InputRefs!, """["a", "c"]""")));
            Assert.Equal(Metrics.Length, await runs.CountAsync(run => EF.Functions.JsonExists(run.InputRefs!, "a")));
            Assert.Equal(objects, await runs.CountAsync(run => EF.Functions.JsonTypeof(run.InputRefs!) == "object"));
            Assert.Equal(1, await runs.CountAsync(run => EF.Functions.JsonExistAll(run.Metrics!, drafts)));
            Assert.Equal(2, await runs.CountAsync(run => EF.Functions.JsonExistAny(run.Metrics!, costs) && EF.Functions.JsonContains(run.Metrics!, """{"tokens": 5}""")
                || EF.Functions.JsonExists(run.Metrics!, "CostUsd")));
        }
    }

    [Fact]
    public void Context_without_the_translations_refuses_instead_of_counting_nothing()
    {
        using var bare = HostContext.Over(postgres.ConnectionString, useAiSystemSpec: false);
        _ = Assert.Throws<InvalidOperationException>(() => bare.Runs.Sum(run => run.Metrics!.CostUsd));
        _ = Assert.Throws<InvalidOperationException>(() => bare.Runs.Count(run => run.Metrics!.CacheHit == true));
        _ = Assert.Throws<InvalidOperationException>(() => bare.Runs.OrderBy(run => run.Metrics!.LatencyMs).ToList());
        Assert.Contains(120L, bare.Runs.Select(run => run.Metrics!.LatencyMs)); // the last projection is made of the rows as they are read
    }

    private static string Joined<T>(IEnumerable<T> values) =>
        string.Join(';', values.Select(value => Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture)));
}
