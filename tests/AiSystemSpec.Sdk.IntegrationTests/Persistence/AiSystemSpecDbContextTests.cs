using System.Text.Json.Nodes;
using AiSystemSpec.Sdk.IntegrationTests.Infrastructure;
using AiSystemSpec.Sdk.IntegrationTests.Infrastructure.Routes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace AiSystemSpec.Sdk.IntegrationTests.Persistence;

public sealed class AiSystemSpecDbContextTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private readonly HostServices _sdk = HostServices.Over(postgres.ConnectionString);

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _sdk.DisposeAsync();

    [Fact]
    public async Task Rows_get_the_servers_defaults_and_read_back_equal()
    {
        var id = await SaveAsync(new PipelineRun
        {
            RunId = "r",
            Stage = "research",
            Status = RunStatus.Success,
            Attempts = 1,
            InputRefs = JsonNode.Parse("""{"a":[1,2]}"""),
            Metrics = new StageMetrics { LatencyMs = 5, CostUsd = 0.25m },
        });
        await using var context = Context();
        var run = await context.PipelineRuns.SingleAsync(row => row.Id == id);
        Assert.NotEqual(Guid.Empty, run.Id);
        Assert.NotNull(run.CreatedAt);
        Assert.Equal((RunStatus.Success, 5L, 0.25m, "[1,2]"), (run.Status!.Value, run.Metrics!.LatencyMs!.Value, run.Metrics.CostUsd!.Value, run.InputRefs!["a"]!.ToJsonString()));
    }

    [Fact]
    public async Task Changes_in_place_are_saved()
    {
        var id = await SaveAsync(new PipelineRun { OutputRefs = new JsonObject { ["url"] = "old" }, Metrics = new StageMetrics { Tokens = 1, Additional = { ["model"] = "m" } } });
        await using (var context = Context())
        {
            var run = await context.PipelineRuns.SingleAsync(row => row.Id == id);
            run.OutputRefs!["url"] = "new";
            run.Metrics!.Additional["model"] = "n";
            Assert.Equal(1, await context.SaveChangesAsync());
            Assert.Equal(0, await context.SaveChangesAsync());
        }

        Assert.Equal("new n", await Sql.ScalarAsync<string>(postgres.ConnectionString, "SELECT (output_refs ->> 'url') || ' ' || (metrics ->> 'model') FROM public.pipeline_runs WHERE id = $1", id));
    }

    [Theory]
    [InlineData("warning")]
    [InlineData("Success")]
    [InlineData("")]
    public async Task SaveChanges_refuses_an_unknown_status_before_anything_is_sent(string status)
    {
        await using var context = Context();
        _ = context.PipelineRuns.Add(new PipelineRun { RunId = "refused", Status = status.Length == 0 ? default(RunStatus) : new RunStatus(status) });
        _ = await Assert.ThrowsAsync<ArgumentException>(() => context.SaveChangesAsync());
        _ = Assert.Throws<ArgumentException>(() => context.SaveChanges());
        Assert.Equal(0L, await Sql.ScalarAsync<long>(postgres.ConnectionString, "SELECT count(*) FROM public.pipeline_runs WHERE run_id = 'refused'"));
    }

    [Fact]
    public async Task Row_read_with_a_foreign_status_can_still_be_updated()
    {
        await Sql.ExecuteAsync(postgres.ConnectionString, "INSERT INTO public.pipeline_runs (run_id, status, attempts) VALUES ('warned', 'warning', 1)");
        await using var context = Context();
        var run = await context.PipelineRuns.SingleAsync(row => row.Status == new RunStatus("warning"));
        run.Attempts = 2;
        Assert.Equal(1, await context.SaveChangesAsync());
        run.Status = new RunStatus("also unknown");
        _ = await Assert.ThrowsAsync<ArgumentException>(() => context.SaveChangesAsync());
        run.Status = RunStatus.Failure;
        Assert.Equal(1, await context.SaveChangesAsync());
    }

    [Fact]
    public async Task Odd_JSON_is_read_without_failing_and_written_back_as_it_was()
    {
        await Sql.ExecuteAsync(
            postgres.ConnectionString,
            """
            INSERT INTO public.pipeline_runs (run_id, stage, metrics, input_refs) VALUES
              ('odd', 'a', '{"latency": 12, "cost": 0.5, "tokens": "many", "cache_hit": "yes", "retry_count": 1.5}', 'null'),
              ('odd', 'b', '[1, 2]', '"text"'),
              ('odd', 'c', 'null', '5'),
              ('odd', 'd', '{"latency_ms": 12.5, "latency": 3, "cost_usd": 1e400}', ('[' || repeat('[', 5000) || repeat(']', 5000) || ']')::jsonb)
            """);
        await using var context = Context();
        var runs = await context.PipelineRuns.Where(run => run.RunId == "odd").OrderBy(run => run.Stage).ToListAsync();
        Assert.Equal((12L, 0.5m, null, null, null), (runs[0].Metrics!.LatencyMs, runs[0].Metrics!.CostUsd, runs[0].Metrics!.Tokens, runs[0].Metrics!.CacheHit, runs[0].Metrics!.RetryCount));
        Assert.Equal("many", (string?)runs[0].Metrics!.Additional["tokens"]);
        Assert.Equal("[1,2]", runs[1].Metrics!.Additional[""]!.ToJsonString());
        Assert.Null(runs[2].Metrics);
        Assert.Null(runs[0].InputRefs);
        Assert.Equal((null, "12.5", "3"), (runs[3].Metrics!.LatencyMs, runs[3].Metrics!.Additional["latency_ms"]!.ToJsonString(), runs[3].Metrics!.Additional["latency"]!.ToJsonString()));
        Assert.StartsWith("[[[[", (string?)runs[3].InputRefs, StringComparison.Ordinal);

        var before = await MetricsAsync();
        runs.ForEach(run => context.Entry(run).Property(row => row.Metrics).IsModified = true);
        Assert.Equal(4, await context.SaveChangesAsync());
        Assert.Equal(before, (await MetricsAsync())!.Replace("<null>", "null", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Moments_with_an_offset_are_written_and_filtered()
    {
        var moment = new DateTimeOffset(2024, 2, 29, 23, 30, 0, TimeSpan.FromHours(-7)).AddTicks(12_345_678);
        await using (var context = Context())
        {
            _ = context.ResearchCache.Add(new ResearchEntry { Topic = "offset", Content = "x", CreatedAt = moment });
            _ = await context.SaveChangesAsync();
        }

        await using var reading = Context();
        var found = await reading.ResearchCache.SingleAsync(entry => entry.CreatedAt == moment);
        Assert.Equal(moment.AddTicks(-8), found.CreatedAt);
    }

    [Fact]
    public async Task Moments_are_compared_with_the_databases_clock()
    {
        await using var direct = HostServices.Over(TestRoute.Direct(postgres.ConnectionString)); // EF writes now() bare: a search_path would decide which
        await using var context = await direct.Services.GetRequiredService<IDbContextFactory<AiSystemSpecDbContext>>().CreateDbContextAsync();
        var old = context.ResearchCache.Add(new ResearchEntry { Topic = "clock", Content = "x", CreatedAt = DateTimeOffset.UtcNow.AddDays(-8) }).Entity;
        var young = context.ResearchCache.Add(new ResearchEntry { Topic = "clock", Content = "x" }).Entity;
        _ = await context.SaveChangesAsync();
        var query = context.ResearchCache.Where(entry => entry.CreatedAt > DateTimeOffset.UtcNow - TimeSpan.FromDays(7));
        Assert.Contains("now() -", query.ToQueryString(), StringComparison.Ordinal);
        var found = await query.ToListAsync();
        Assert.Contains(young, found);
        Assert.DoesNotContain(old, found);
    }

    [Fact]
    public async Task Hosts_own_context_reads_the_tables_and_does_not_migrate_them()
    {
        await using var context = HostContext.Over(postgres.ConnectionString);
        Assert.True(await context.Set<Script>().CountAsync() >= 0);
        var script = context.Database.GenerateCreateScript();
        Assert.Contains("notes", script, StringComparison.Ordinal);
        Assert.DoesNotContain("CREATE TABLE public.scripts", script, StringComparison.Ordinal);
    }

    private AiSystemSpecDbContext Context() =>
        _sdk.Services.GetRequiredService<IDbContextFactory<AiSystemSpecDbContext>>().CreateDbContext();

    private async Task<Guid> SaveAsync(PipelineRun run)
    {
        await using var context = Context();
        _ = context.PipelineRuns.Add(run);
        _ = await context.SaveChangesAsync();
        return run.Id;
    }

    private Task<string?> MetricsAsync() => Sql.ScalarAsync<string>(
        postgres.ConnectionString, "SELECT string_agg(coalesce(metrics::text, '<null>'), E'\\n' ORDER BY stage) FROM public.pipeline_runs WHERE run_id = 'odd'");
}
