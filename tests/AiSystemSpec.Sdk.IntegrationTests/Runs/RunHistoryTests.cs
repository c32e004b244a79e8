using System.Text.Json;
using AiSystemSpec.Sdk.IntegrationTests.Infrastructure;

namespace AiSystemSpec.Sdk.IntegrationTests.Runs;

public sealed class RunHistoryTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private readonly HostServices _sdk = HostServices.Over(postgres.ConnectionString);

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _sdk.DisposeAsync();

    [Theory]
    [InlineData("a")]
    [InlineData("a:b")]
    [InlineData("ünï 'c\\ö%de_")]
    [InlineData(null)] // 10,000 characters
    public async Task Run_is_found_by_every_spelling_of_its_id(string? given)
    {
        var run = (given ?? Random.Shared.GetHexString(10_000)) + Guid.NewGuid().ToString("N");
        await InsertAsync(run, "research", "1 exact");
        await InsertAsync($"{run}:script:2", "script", "2 with its stage");
        await InsertAsync($"{run}:qa:1", null, "3 without a stage");
        await InsertAsync("other" + Guid.NewGuid(), "upload", "4 by its root", $$"""{"root_run_id": {{System.Text.Json.JsonSerializer.Serialize(run)}}}""");
        await InsertAsync($"{run}:script:x", "script", "no number");
        await InsertAsync($"{run}:script:1", "other", "another's stage");
        await InsertAsync($"{run}:deeper:script:1", "script", "another root");
        await InsertAsync($"{run}:deeper:script:1", null, "another root");
        await InsertAsync($"{run}x", "script", "another run");

        string[] expected = ["1 exact", "2 with its stage", "3 without a stage", "4 by its root"];
        foreach (var spelling in new[] { run, $"{run}:script:2" })
        {
            var timeline = await _sdk.History.GetRunAsync(spelling);
            Assert.Equal(run, timeline!.RunId);
            Assert.Equal(expected, timeline.Rows.Select(row => row.ErrorSummary));
            var page = await _sdk.History.QueryAsync(new RunFilter { RunId = spelling });
            Assert.Equal(expected.Reverse(), page.Items.Select(row => row.ErrorSummary));
        }

        Assert.Null(await _sdk.History.GetRunAsync($"{run}:script:9"));
    }

    [Fact]
    public async Task Whatever_other_programs_wrote_is_read()
    {
        var run = Guid.NewGuid().ToString();
        var deep = string.Concat(Enumerable.Repeat("[", 5_000)) + string.Concat(Enumerable.Repeat("]", 5_000));
        await Sql.ExecuteAsync(
            postgres.ConnectionString,
            "INSERT INTO public.pipeline_runs (run_id, stage, status, attempts, input_refs, output_refs, metrics, created_at) VALUES ($1, NULL, 'warning', NULL, $2::jsonb, 'null', '[1]', NULL), ($1, 's', NULL, -1, '5', NULL, '{\"latency\": 7, \"tokens\": \"many\"}', now())",
            run,
            deep);
        var rows = (await _sdk.History.GetRunAsync(run))!.Rows;
        Assert.Equal(2, rows.Count);
        Assert.Equal((7L, "many"), (rows[0].Metrics!.LatencyMs!.Value, (string?)rows[0].Metrics!.Additional["tokens"]));
        Assert.Equal(("warning", null, null), (rows[1].Status!.Value.Value, rows[1].OutputRefs, rows[1].CreatedAt));
        Assert.Equal(deep, (string?)rows[1].InputRefs);
        Assert.Equal([null, "s"], (await _sdk.History.QueryAsync(new RunFilter { RunId = run })).Items.Select(row => row.Stage).Reverse());
    }

    [Fact]
    public async Task QueryAsync_pages_through_all_rows_that_the_filter_names()
    {
        var stage = Guid.NewGuid().ToString();
        await Sql.ExecuteAsync(
            postgres.ConnectionString,
            "INSERT INTO public.pipeline_runs (run_id, stage, status, attempts, created_at) SELECT 'r', $1, CASE WHEN n % 3 = 0 THEN 'warning' ELSE 'success' END, n, CASE WHEN n <= 4 THEN NULL ELSE timestamptz '2026-01-01 00:00:00Z' + (n / 2) * interval '1 minute' END FROM generate_series(1, 30) n",
            stage);
        var filter = new RunFilter { Stage = stage, Status = new RunStatus("warning") };
        var seen = new List<PipelineRun>();
        string? cursor = null;
        do
        {
            var page = await _sdk.History.QueryAsync(filter, new PageRequest { Cursor = cursor, Limit = 3 });
            seen.AddRange(page.Items);
            cursor = page.NextCursor;
        }
        while (cursor is not null);

        Assert.Equal([30, 27, 24, 21, 18, 15, 12, 9, 6, 3], seen.Select(row => row.Attempts!.Value));
        var between = new RunFilter { Stage = stage, From = new DateTimeOffset(2026, 1, 1, 1, 5, 0, TimeSpan.FromHours(1)), To = new DateTimeOffset(2026, 1, 1, 0, 7, 0, TimeSpan.Zero) };
        Assert.Equal([10, 11, 12, 13], (await _sdk.History.QueryAsync(between)).Items.Select(row => row.Attempts!.Value).Order());
    }

    [Fact]
    public async Task GetCompletedStagesAsync_goes_by_the_newest_row_of_each_stage()
    {
        var run = Guid.NewGuid().ToString();
        await InsertAsync(run, "research", "", status: "skipped");
        await InsertAsync(run, "script", "", status: "failure");
        await InsertAsync($"{run}:script:2", "script", "", status: "success");
        await InsertAsync(run, "qa", "", status: "success");
        await InsertAsync(run, "qa", "", status: "retry");
        Assert.Equal(["research", "script"], (await _sdk.History.GetCompletedStagesAsync(run)).Order(StringComparer.Ordinal));
        Assert.Empty(await _sdk.History.GetCompletedStagesAsync("unknown"));
    }

    [Fact]
    public async Task GetCompletedStagesAsync_reads_no_references_and_no_metrics()
    {
        var run = Guid.NewGuid().ToString();
        await InsertAsync(run, "research", new string('e', 100_000), JsonSerializer.Serialize(new string('r', 200_000)));
        await using var bytes = BytesRead.Of(postgres.ConnectionString);
        await using var sdk = HostServices.Over(bytes.DataSource);
        IReadOnlySet<string> stages = new HashSet<string>();
        Assert.InRange(await bytes.DuringAsync(async () => stages = await sdk.History.GetCompletedStagesAsync(run)), 1, 20_000);
        Assert.Equal(["research"], stages);
    }

    [Theory]
    [InlineData("100%_done", "100_done")]
    [InlineData("a_b", "axb")]
    [InlineData("%", "anything")]
    [InlineData("back\\slash", "backslash")]
    public async Task Id_with_the_signs_of_patterns_means_itself(string runId, string other)
    {
        runId += Guid.NewGuid().ToString("N");
        await InsertAsync(runId, "qa", "mine");
        await InsertAsync($"{runId}:script:2", "script", "mine");
        await InsertAsync(other + runId[^32..], "qa", "other");
        Assert.Equal(2, (await _sdk.History.GetRunAsync(runId))!.Rows.Count);
        Assert.All((await _sdk.History.QueryAsync(new RunFilter { RunId = runId })).Items, row => Assert.Equal("mine", row.ErrorSummary));
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("a\0")]
    [InlineData("half a pair: \\ud83d")] // xunit's own data cannot hold one
    public async Task Id_that_cannot_be_asked_for_is_refused(string runId)
    {
        runId = runId.Replace("\\ud83d", "\ud83d", StringComparison.Ordinal);
        _ = await Assert.ThrowsAnyAsync<ArgumentException>(() => _sdk.History.GetRunAsync(runId));
        _ = await Assert.ThrowsAnyAsync<ArgumentException>(() => _sdk.History.QueryAsync(new RunFilter { RunId = runId }));
        _ = await Assert.ThrowsAnyAsync<ArgumentException>(() => _sdk.History.GetCompletedStagesAsync(runId));
    }

    private Task InsertAsync(string runId, string? stage, string summary, string? inputRefs = null, string status = "success") =>
        Sql.ExecuteAsync(
            postgres.ConnectionString,
            "INSERT INTO public.pipeline_runs (run_id, stage, status, attempts, input_refs, error_summary) VALUES ($1, NULLIF($2, ''), $3, 1, NULLIF($4, '')::jsonb, $5)",
            runId,
            stage ?? "",
            status,
            inputRefs ?? "",
            summary);

    [Fact]
    public async Task DeleteRunAsync_deletes_what_GetRunAsync_finds_and_nothing_else()
    {
        foreach (var entry in new[]
        {
            new RunLogEntry("deleted", "research", RunStatus.Success),
            new RunLogEntry("deleted:script:2", "script", RunStatus.Success),
            new RunLogEntry("other", "script", RunStatus.Success) { InputRefs = new System.Text.Json.Nodes.JsonObject { ["root_run_id"] = "deleted" } },
            new RunLogEntry("deleted too", "research", RunStatus.Success),
        })
        {
            _ = await _sdk.Runs.WriteAsync(entry);
        }

        var found = (await _sdk.History.GetRunAsync("deleted"))!.Rows.Count;
        Assert.Equal((3, 3), (found, await _sdk.History.DeleteRunAsync("deleted:script:2")));
        Assert.Null(await _sdk.History.GetRunAsync("deleted"));
        Assert.Equal(0, await _sdk.History.DeleteRunAsync("deleted"));
        _ = Assert.Single((await _sdk.History.GetRunAsync("deleted too"))!.Rows);
    }
}
