using System.Text.Json.Nodes;
using AiSystemSpec.Sdk.IntegrationTests.Infrastructure;

namespace AiSystemSpec.Sdk.IntegrationTests.Runs;

public sealed class RunLoggerTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private readonly HostServices _sdk = HostServices.Over(postgres.ConnectionString);

    private IRunLogger Logger => _sdk.Runs;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _sdk.DisposeAsync();

    [Fact]
    public async Task WriteAsync_returns_the_row_as_it_was_committed()
    {
        var run = NewRun();
        var written = await Logger.WriteAsync(Full(run));
        var read = Assert.Single((await _sdk.History.GetRunAsync(run))!.Rows);
        AssertSame(written, read);
        Assert.Equal(12, read.Metrics!.Tokens);
        Assert.Equal("""{"topic":"octopus \"sleep\""}""", read.InputRefs!.ToJsonString(new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }));
        Assert.NotNull(read.CreatedAt);
    }

    [Fact]
    public async Task WriteAsync_keeps_a_moment_and_an_id_of_the_callers()
    {
        var id = Guid.NewGuid();
        var moment = new DateTimeOffset(2026, 3, 4, 5, 6, 7, TimeSpan.FromHours(5)).AddTicks(1_234_567);
        var written = await Logger.WriteAsync(Full(NewRun()) with { Id = id, CreatedAt = moment });
        Assert.Equal(id, written.Id);
        Assert.Equal(new DateTimeOffset(moment.UtcTicks - 7, TimeSpan.Zero), written.CreatedAt);
        Assert.Equal(TimeSpan.Zero, written.CreatedAt!.Value.Offset);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task WriteAsync_twice_with_one_id_writes_once_and_refuses_other_content(bool isKeyed)
    {
        await using var alone = HostServices.Over(await DatabaseAsync(isKeyed));
        var entry = Full(NewRun()) with { Id = Guid.NewGuid() };
        var first = await alone.Runs.WriteAsync(entry);
        var second = await alone.Runs.WriteAsync(entry);
        Assert.Equal(first.CreatedAt, second.CreatedAt);
        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => alone.Runs.WriteAsync(entry with { Attempts = 2 }));
        Assert.Contains("RunLogEntry.Id", refused.Message, StringComparison.Ordinal);
        AssertSame(first, Assert.Single((await alone.History.GetRunAsync(entry.RunId))!.Rows));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Enqueue_writes_each_id_once_and_two_entries_that_are_alike_twice(bool isKeyed)
    {
        await using var alone = HostServices.Over(await DatabaseAsync(isKeyed));
        var alike = Full(NewRun());
        var own = alike with { Id = Guid.NewGuid() };
        for (var round = 0; round < 2; round++)
        {
            alone.Runs.Enqueue(alike);
            alone.Runs.Enqueue(own);
            alone.Runs.Enqueue(own);
        }

        alone.Runs.Enqueue(own with { Stage = "other" }); // the same id, other content: not merged, not written
        var flushed = await alone.Runs.FlushAsync();
        Assert.Equal(1, flushed.Lost);
        Assert.Equal(3, (await alone.History.GetRunAsync(alike.RunId))!.Rows.Count);
    }

    [Fact]
    public async Task Enqueue_copies_refs_and_metrics_at_the_call()
    {
        var entry = Full(NewRun());
        Logger.Enqueue(entry);
        entry.InputRefs!["topic"] = "changed";
        entry.Metrics!.Tokens = 99;
        entry.Metrics.Additional["model"] = "changed";
        _ = await Logger.FlushAsync();
        var row = Assert.Single((await _sdk.History.GetRunAsync(entry.RunId))!.Rows);
        Assert.Equal((12L, "small"), (row.Metrics!.Tokens!.Value, (string?)row.Metrics.Additional["model"]));
        Assert.Equal("octopus \"sleep\"", (string?)row.InputRefs!["topic"]);
    }

    [Fact]
    public async Task Enqueue_keeps_the_order_within_a_run()
    {
        var run = NewRun();
        for (var at = 1; at <= 3_000; at++)
        {
            Logger.Enqueue(new RunLogEntry(run, "s", RunStatus.Success) { Attempts = at });
        }

        _ = await Logger.FlushAsync();
        Assert.Equal(Enumerable.Range(1, 3_000), (await _sdk.History.GetRunAsync(run))!.Rows.Select(row => row.Attempts!.Value));
    }

    [Fact]
    public async Task Disposal_writes_what_waits()
    {
        var run = NewRun();
        var host = HostServices.Over(postgres.ConnectionString);
        host.Runs.Enqueue(Full(run));
        await host.DisposeAsync();
        _ = Assert.Single((await _sdk.History.GetRunAsync(run))!.Rows);
    }

    [Fact]
    public async Task Bad_row_is_set_aside_and_the_others_are_written()
    {
        var run = NewRun();
        var before = await Logger.FlushAsync();
        for (var at = 1; at <= 20; at++)
        {
            // A number that jsonb cannot hold: only the server can tell.
            Logger.Enqueue(new RunLogEntry(run, "s", RunStatus.Success) { Attempts = at, InputRefs = at == 7 ? JsonNode.Parse("1e200000") : null });
        }

        var after = await Logger.FlushAsync();
        Assert.Equal((19L, 1L), (after.Written - before.Written, after.Lost - before.Lost));
        Assert.Equal(Enumerable.Range(1, 20).Where(at => at != 7), (await _sdk.History.GetRunAsync(run))!.Rows.Select(row => row.Attempts!.Value));
    }

    [Fact]
    public async Task RunStageAsync_writes_a_row_for_each_attempt()
    {
        var run = NewRun();
        var result = await Logger.RunStageAsync(
            run,
            "script",
            (scope, _) => scope.Attempt < 3 ? throw new TimeoutException("too slow; password=hunter2") : Task.FromResult(scope.Attempt),
            new StageOptions { MaxAttempts = 3, Delay = _ => TimeSpan.Zero });
        _ = await Logger.FlushAsync();
        var rows = (await _sdk.History.GetRunAsync(run))!.Rows;
        Assert.Equal(3, result);
        Assert.Equal([(1, "retry"), (2, "retry"), (3, "success")], rows.Select(row => (row.Attempts!.Value, row.Status!.Value.Value)));
        Assert.Equal("System.TimeoutException: too slow; password=[redacted]", rows[0].ErrorSummary);
        Assert.All(rows, row => Assert.True(row.Metrics!.LatencyMs >= 1));
    }

    [Fact]
    public async Task RunStageAsync_rethrows_the_last_attempts_exception_and_writes_failure()
    {
        var run = NewRun();
        _ = await Assert.ThrowsAsync<TimeoutException>(() => Logger.RunStageAsync<int>(run, "script", (_, _) => throw new TimeoutException("no")));
        _ = await Logger.FlushAsync();
        Assert.Equal(RunStatus.Failure, Assert.Single((await _sdk.History.GetRunAsync(run))!.Rows).Status);
    }

    [Fact]
    public async Task RunStageAsync_cancelled_while_it_waits_ends_with_failure()
    {
        var run = NewRun();
        using var cancellation = new CancellationTokenSource();
        _ = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Logger.RunStageAsync<int>(
            run,
            "script",
            (_, _) => throw new TimeoutException("no"),
            new StageOptions
            {
                MaxAttempts = 5,
                Delay = _ =>
                {
                    cancellation.CancelAfter(20);
                    return TimeSpan.FromMinutes(1);
                },
            },
            cancellation.Token));
        _ = await Logger.FlushAsync();
        Assert.Equal(["retry", "failure"], (await _sdk.History.GetRunAsync(run))!.Rows.Select(row => row.Status!.Value.Value));
    }

    [Fact]
    public async Task Scope_disposed_without_Complete_is_a_failure()
    {
        var run = NewRun();
        using (var scope = Logger.BeginStage(run, "plan"))
        {
            scope.AddTokens(3);
            scope.AddTokens(4);
            scope.AddCost(0.5m);
            scope.Set("model", "small");
        }

        _ = await Logger.FlushAsync();
        var row = Assert.Single((await _sdk.History.GetRunAsync(run))!.Rows);
        Assert.Equal(RunStatus.Failure, row.Status);
        Assert.Equal((7L, 0.5m, (bool?)null, "small"), (row.Metrics!.Tokens!.Value, row.Metrics!.CostUsd!.Value, row.Metrics!.CacheHit, (string?)row.Metrics!.Additional["model"]));
        Assert.DoesNotContain("cancelled", row.Metrics.Additional.Keys);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Skip_says_of_the_cache_what_it_was_told(bool? cacheHit)
    {
        var run = NewRun();
        Logger.Skip(run, "upload", new SkipOptions { InputRefs = new JsonObject { ["topic"] = "t" }, CacheHit = cacheHit });
        _ = await Logger.FlushAsync();
        var row = Assert.Single((await _sdk.History.GetRunAsync(run))!.Rows);
        Assert.Equal((RunStatus.Skipped, cacheHit), (row.Status, row.Metrics?.CacheHit));
    }

    [Fact]
    public async Task GetOrResearchAsync_in_a_stage_says_in_its_row_whether_the_cache_served_it()
    {
        var run = NewRun();
        var topic = NewRun();
        foreach (var (stage, topics) in new (string, string[])[] { ("cold", [topic]), ("warm", [topic]), ("both", [topic, topic + "x", topic]) })
        {
            using var scope = Logger.BeginStage(run, stage);
            foreach (var asked in topics)
            {
                _ = await _sdk.Research.GetOrResearchAsync(asked, (_, _) => Task.FromResult("found"));
            }

            scope.Complete();
        }

        _ = await Logger.RunStageAsync(run, "piped", async (_, token) => await _sdk.Research.GetOrResearchAsync(topic, (_, _) => Task.FromResult("found"), cancellationToken: token));
        _ = await Logger.FlushAsync();
        Assert.Equal(
            [("cold", "false"), ("warm", "true"), ("both", "false"), ("piped", "true")],
            (await _sdk.History.GetRunAsync(run))!.Rows.Select(row => (row.Stage!, row.Metrics!.CacheHit == true ? "true" : row.Metrics.CacheHit == false ? "false" : "none")));
    }

    private static string NewRun() => $"run-{Guid.NewGuid():N}";

    private static RunLogEntry Full(string run) => new(run, "research", RunStatus.Success)
    {
        InputRefs = new JsonObject { ["topic"] = "octopus \"sleep\"" },
        OutputRefs = new JsonArray(1, "two", null),
        ErrorSummary = "none, really – ü",
        Metrics = new StageMetrics { LatencyMs = 5, Tokens = 12, CostUsd = 0.001m, CacheHit = false, RetryCount = 0, Additional = { ["model"] = "small" } },
    };

    private static void AssertSame(PipelineRun expected, PipelineRun actual)
    {
        Assert.Equal(
            (expected.Id, expected.RunId, expected.Stage, expected.Status, expected.Attempts, expected.ErrorSummary, expected.CreatedAt),
            (actual.Id, actual.RunId, actual.Stage, actual.Status, actual.Attempts, actual.ErrorSummary, actual.CreatedAt));
        Assert.True(JsonNode.DeepEquals(expected.InputRefs, actual.InputRefs));
        Assert.True(JsonNode.DeepEquals(expected.OutputRefs, actual.OutputRefs));
        Assert.Equal(expected.Metrics!.CostUsd, actual.Metrics!.CostUsd);
    }

    private static async Task<string> DatabaseAsync(bool isKeyed)
    {
        var connectionString = await PostgresFixture.CreateDatabaseAsync();
        if (!isKeyed)
        {
            await Sql.ExecuteAsync(connectionString, "ALTER TABLE public.pipeline_runs DROP CONSTRAINT pipeline_runs_pkey");
        }

        return connectionString;
    }
}
