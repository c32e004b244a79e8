using AiSystemSpec.Sdk.IntegrationTests.Infrastructure;

namespace AiSystemSpec.Sdk.IntegrationTests.Runs;

/// <summary>The plans of the statements that run history sends, over a table in which a walk would hurt.</summary>
public sealed class RunHistoryPlanTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private const string OnTable = "Seq Scan on pipeline_runs";
    private const string PageIndex = "ix_pipeline_runs_created_at_id";
    private readonly StatementLog _log = new();

    public async Task InitializeAsync()
    {
        if (await Sql.ScalarAsync<bool>(postgres.ConnectionString, "SELECT EXISTS (SELECT FROM public.pipeline_runs)"))
        {
            return;
        }

        // 3,000 runs of 10 rows: half under the run's own id, a quarter each spelled root:stage:attempt and by root_run_id; a tenth
        // without a moment.
        await Sql.ExecuteAsync(
            postgres.ConnectionString,
            """
            INSERT INTO public.pipeline_runs (run_id, stage, status, attempts, input_refs, created_at)
            SELECT CASE n % 4 WHEN 2 THEN 'run-' || r || ':script:' || n WHEN 3 THEN 'other-' || r || '-' || n ELSE 'run-' || r END, 'script', 'success', n,
                   CASE WHEN n % 4 = 3 THEN jsonb_build_object('root_run_id', 'run-' || r) END,
                   CASE WHEN n = 1 THEN NULL ELSE timestamptz '2026-01-01 00:00:00Z' + (r * 10 + n) * interval '1 second' END
            FROM generate_series(1, 3000) r, generate_series(1, 10) n
            """);
        await Sql.ExecuteAsync(postgres.ConnectionString, "ANALYZE public.pipeline_runs");
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Theory]
    [InlineData("run-77")]
    [InlineData("run-77:script:2")]
    public async Task GetRunAsync_by_any_spelling_uses_the_indexes(string spelling)
    {
        var plans = await PlansAsync(async history => Assert.Equal(10, (await history.GetRunAsync(spelling))!.Rows.Count));
        Assert.NotEmpty(plans);
        Assert.All(plans, plan => Assert.DoesNotContain(OnTable, plan, StringComparison.Ordinal));
        Assert.All(plans, plan => Assert.Contains("ix_pipeline_runs_run_id_created_at", plan, StringComparison.Ordinal));
        Assert.Contains("ix_pipeline_runs_root_run_id_created_at", plans[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task QueryAsync_of_a_run_uses_the_indexes()
    {
        var plans = await PlansAsync(async history => Assert.Equal(10, (await history.QueryAsync(new RunFilter { RunId = "run-77:script:2" })).Items.Count));
        Assert.NotEmpty(plans);
        Assert.All(plans, plan => Assert.DoesNotContain(OnTable, plan, StringComparison.Ordinal));
    }

    [Fact]
    public async Task QueryAsync_pages_use_the_index_without_a_sort()
    {
        string? cursor = null;
        for (var page = 1; page <= 3; page++)
        {
            AssertWalksIndex(await PlansAsync(async history =>
            {
                var rows = await history.QueryAsync(new RunFilter(), new PageRequest { Cursor = cursor });
                Assert.Equal(100, rows.Items.Count);
                cursor = rows.NextCursor;
            }));
        }
    }

    [Fact]
    public async Task QueryAsync_pages_of_rows_without_a_moment_use_the_index_without_a_sort()
    {
        // Behind the second oldest row that has a moment there is one more, then only rows without.
        string? cursor = null;
        _ = await PlansAsync(async history =>
            cursor = (await history.QueryAsync(new RunFilter { To = new DateTimeOffset(2026, 1, 1, 0, 0, 14, TimeSpan.Zero) }, new PageRequest { Limit = 1 })).NextCursor);
        Assert.NotNull(cursor);
        for (var page = 1; page <= 2; page++)
        {
            AssertWalksIndex(await PlansAsync(async history =>
            {
                var rows = await history.QueryAsync(new RunFilter(), new PageRequest { Cursor = cursor });
                Assert.Equal(100, rows.Items.Count);
                Assert.Null(rows.Items[^1].CreatedAt);
                cursor = rows.NextCursor;
            }));
        }
    }

    [Fact]
    public async Task QueryAsync_of_a_time_window_uses_the_index()
    {
        var from = new DateTimeOffset(2026, 1, 1, 1, 0, 0, TimeSpan.Zero);
        var plans = await PlansAsync(async history =>
            Assert.Equal(54, (await history.QueryAsync(new RunFilter { From = from, To = from.AddMinutes(1) })).Items.Count));
        Assert.NotEmpty(plans);
        Assert.All(plans, plan => Assert.DoesNotContain(OnTable, plan, StringComparison.Ordinal));
    }

    private static void AssertWalksIndex(IReadOnlyList<string> plans)
    {
        Assert.NotEmpty(plans);
        foreach (var plan in plans)
        {
            Assert.Contains(PageIndex, plan, StringComparison.Ordinal);
            Assert.DoesNotContain(OnTable, plan, StringComparison.Ordinal);
            Assert.DoesNotContain("Sort", plan, StringComparison.Ordinal);
        }
    }

    private async Task<IReadOnlyList<string>> PlansAsync(Func<IRunHistory, Task> read)
    {
        await using var source = _log.Open(postgres.ConnectionString);
        await using var sdk = HostServices.Over(source);
        await read(sdk.History);
        return await _log.ExplainAsync(postgres.ConnectionString);
    }
}
