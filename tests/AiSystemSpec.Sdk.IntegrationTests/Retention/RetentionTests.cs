using AiSystemSpec.Sdk.IntegrationTests.Infrastructure;
using Microsoft.Extensions.DependencyInjection;

namespace AiSystemSpec.Sdk.IntegrationTests.Retention;

/// <summary>What is deleted and what is kept, on tables as the migrations make them and on the barest ones.</summary>
public sealed class RetentionTests : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private static readonly TimeSpan Month = TimeSpan.FromDays(30);

    private string _database = string.Empty;
    private HostServices _sdk = null!;

    private IRetention Retention => _sdk.Services.GetRequiredService<IRetention>();

    public async Task InitializeAsync()
    {
        _database = await PostgresFixture.CreateDatabaseAsync();
        _sdk = HostServices.Over(_database);
    }

    public Task DisposeAsync() => _sdk.DisposeAsync().AsTask();

    [Fact]
    public async Task Purge_by_age_deletes_what_is_older_and_nothing_else()
    {
        await AddResearchAsync("old", "now() - interval '31 days'");
        await AddResearchAsync("young", "now() - interval '29 days'");
        await AddResearchAsync("undated", "NULL");
        await AddResearchAsync("future", "now() + interval '1 day'");
        await AddResearchAsync("ancient", "'-infinity'");
        await AddResearchAsync(ResearchEntry.SystemTopic, "now() - interval '400 days'");
        await AddScriptsAsync(("old", 31), ("young", 29));
        await AddRunsAsync(("success", 31), ("success", 29));

        var result = await Retention.PurgeAsync(new RetentionOptions { ResearchAge = Month, ScriptAge = Month, RunAge = Month });

        Assert.Equal((2, 0, 1, 1), (result.ResearchRows, result.SystemEventRows, result.ScriptRows, result.RunRows));
        Assert.Equal((4, 3), (result.TotalRows, result.Batches));
        Assert.Equal("future,system,undated,young", await ListAsync("research_cache", "topic"));
        Assert.Equal("young", await ListAsync("scripts", "content"));
        Assert.Equal("29", await ListAsync("pipeline_runs", "run_id"));
    }

    [Fact]
    public async Task Purge_of_one_table_leaves_the_others()
    {
        await AddResearchAsync("old", "now() - interval '31 days'");
        await AddScriptsAsync(("old", 31));
        await AddRunsAsync(("success", 31));
        _ = await Retention.PurgeAsync(new RetentionOptions { ScriptAge = Month });
        Assert.Equal("old||31", await ListAsync("research_cache", "topic") + "|" + await ListAsync("scripts", "content") + "|" + await ListAsync("pipeline_runs", "run_id"));
    }

    [Fact]
    public async Task Purge_without_rules_asks_no_database()
    {
        await using var sdk = HostServices.Over("Host=127.0.0.1;Port=1;Timeout=1;Username=u");
        var result = await sdk.Services.GetRequiredService<IRetention>().PurgeAsync(new RetentionOptions());
        Assert.Equal(new RetentionResult(), result);
    }

    [Fact]
    public async Task System_events_have_an_age_of_their_own()
    {
        await AddResearchAsync(ResearchEntry.SystemTopic, "now() - interval '31 days'");
        await AddResearchAsync(ResearchEntry.SystemTopic, "now()");
        await AddResearchAsync("old", "now() - interval '31 days'");
        var result = await Retention.PurgeAsync(new RetentionOptions { SystemEventAge = Month });
        Assert.Equal((0, 1), (result.ResearchRows, result.SystemEventRows));
        Assert.Equal("old,system", await ListAsync("research_cache", "topic"));
    }

    [Fact]
    public async Task Runs_are_deleted_by_the_age_of_their_status()
    {
        await AddRunsAsync(("success", 31), ("failure", 32), ("failure", 91), ("skipped", 2), ("warning", 33), ("retry", 999));
        await Sql.ExecuteAsync(_database, "INSERT INTO public.pipeline_runs (run_id, created_at) VALUES ('no status', now() - interval '34 days')");
        var options = new RetentionOptions
        {
            RunAge = Month,
            RunAgesByStatus = { [RunStatus.Failure] = TimeSpan.FromDays(90), [RunStatus.Skipped] = TimeSpan.FromDays(1), [RunStatus.Retry] = null },
        };
        Assert.Equal(5, (await Retention.PurgeAsync(options)).RunRows);
        Assert.Equal("32,999", await ListAsync("pipeline_runs", "run_id"));
    }

    [Fact]
    public async Task Runs_of_a_named_status_are_deleted_without_an_age_for_the_rest()
    {
        await AddRunsAsync(("success", 31), ("warning", 32));
        Assert.Equal(1, (await Retention.PurgeAsync(new RetentionOptions { RunAgesByStatus = { [new RunStatus("warning")] = Month } })).RunRows);
        Assert.Equal("31", await ListAsync("pipeline_runs", "run_id"));
    }

    [Fact]
    public async Task Keep_latest_counts_each_topic_in_the_schemas_order()
    {
        const string Moment = "'2026-01-01 00:00:00+00'";
        await AddResearchAsync("ties", Moment, "low", "00000000-0000-0000-0000-000000000001");
        await AddResearchAsync("ties", Moment, "high", "ffffffff-0000-0000-0000-000000000001");
        await AddResearchAsync("ties", Moment, "middle", "80000000-0000-0000-0000-000000000001");
        await AddResearchAsync("dated first", "NULL", "undated", "ffffffff-0000-0000-0000-000000000002");
        await AddResearchAsync("dated first", "'2001-01-01 00:00:00+00'", "one");
        await AddResearchAsync("dated first", "'2002-01-01 00:00:00+00'", "two");
        await AddResearchAsync("undated only", "NULL", "higher id", "22222222-0000-0000-0000-000000000003");
        await AddResearchAsync("undated only", "NULL", "high id", "11111111-0000-0000-0000-000000000003");
        await AddResearchAsync("undated only", "NULL", "low id", "00000000-0000-0000-0000-000000000003");
        await AddResearchAsync(ResearchEntry.SystemTopic, Moment, "event 1");
        await AddResearchAsync(ResearchEntry.SystemTopic, Moment, "event 2");
        await AddResearchAsync(ResearchEntry.SystemTopic, Moment, "event 3");

        Assert.Equal(3, (await Retention.PurgeAsync(new RetentionOptions { KeepLatestPerTopic = 2 })).ResearchRows);
        Assert.Equal("event 1,event 2,event 3,high,high id,higher id,middle,one,two", await ListAsync("research_cache", "content"));
    }

    [Fact]
    public async Task Keep_latest_with_an_age_keeps_what_either_keeps()
    {
        await AddResearchAsync("old topic", "now() - interval '50 days'", "newest of old");
        await AddResearchAsync("old topic", "now() - interval '60 days'", "old and counted out");
        await AddResearchAsync("old topic", "NULL", "undated");
        await AddResearchAsync("busy topic", "now() - interval '1 day'", "young 1");
        await AddResearchAsync("busy topic", "now() - interval '2 days'", "young 2");
        Assert.Equal(1, (await Retention.PurgeAsync(new RetentionOptions { ResearchAge = Month, KeepLatestPerTopic = 1 })).ResearchRows);
        Assert.Equal("newest of old,undated,young 1,young 2", await ListAsync("research_cache", "content"));
    }

    [Fact]
    public async Task Keep_latest_scripts_counts_all_of_them()
    {
        await AddScriptsAsync(("3", 3), ("1", 1), ("2", 2), ("40", 40));
        Assert.Equal(1, (await Retention.PurgeAsync(new RetentionOptions { ScriptAge = Month, KeepLatestScripts = 2 })).ScriptRows);
        Assert.Equal(1, (await Retention.PurgeAsync(new RetentionOptions { KeepLatestScripts = 2 })).ScriptRows);
        Assert.Equal("1,2", await ListAsync("scripts", "content"));
    }

    [Fact]
    public async Task Age_that_reaches_before_year_1_keeps_everything()
    {
        await AddResearchAsync("first", "'0001-01-01 00:00:00+00'");
        Assert.Equal(0, (await Retention.PurgeAsync(new RetentionOptions { ResearchAge = TimeSpan.MaxValue, KeepLatestPerTopic = 1 })).TotalRows);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Dry_run_counts_what_a_purge_then_deletes(bool isBare)
    {
        await FillAsync(isBare);
        var before = await CountAllAsync();
        foreach (var options in new RetentionOptions[]
        {
            new() { ResearchAge = Month, SystemEventAge = TimeSpan.FromDays(90), ScriptAge = Month, RunAge = Month, RunAgesByStatus = { [RunStatus.Failure] = TimeSpan.FromDays(90) }, Pause = TimeSpan.Zero },
            new() { KeepLatestPerTopic = 2, KeepLatestScripts = 10, BatchSize = 7, Pause = TimeSpan.Zero },
        })
        {
            var counted = await Retention.PurgeAsync(options, new PurgeOptions { DryRun = true });
            Assert.True(counted is { IsDryRun: true, Batches: 0, ResearchRows: > 0, ScriptRows: > 0 });
            Assert.Equal(before, await CountAllAsync());

            var deleted = await Retention.PurgeAsync(options);
            Assert.True(deleted.Batches > 0);
            Assert.Equal(counted with { IsDryRun = false }, deleted with { Batches = 0 });
            Assert.Equal(before - counted.TotalRows, before = await CountAllAsync());
            Assert.Equal(0, (await Retention.PurgeAsync(options)).TotalRows);
        }
    }

    [Fact]
    public async Task Options_that_cannot_be_meant_are_refused_before_anything_is_asked()
    {
        var error = await Assert.ThrowsAsync<ArgumentException>(() => Retention.PurgeAsync(new RetentionOptions { ResearchAge = TimeSpan.Zero, BatchSize = 0 }));
        Assert.Contains("RetentionOptions.ResearchAge", error.Message, StringComparison.Ordinal);
        Assert.Contains("RetentionOptions.BatchSize", error.Message, StringComparison.Ordinal);
        _ = await Assert.ThrowsAsync<ArgumentNullException>(() => Retention.PurgeAsync(null!));
    }

    private Task AddResearchAsync(string topic, string createdAt, string content = "x", string? id = null) =>
        Sql.ExecuteAsync(_database, $"INSERT INTO public.research_cache (id, topic, content, created_at) VALUES ($1, $2, $3, {createdAt})", id is null ? Guid.NewGuid() : Guid.Parse(id), topic, content);

    private async Task AddScriptsAsync(params (string Content, int Days)[] scripts)
    {
        foreach (var (content, days) in scripts)
        {
            await Sql.ExecuteAsync(_database, "INSERT INTO public.scripts (content, created_at) VALUES ($1, now() - $2 * interval '1 day')", content, days);
        }
    }

    private async Task AddRunsAsync(params (string Status, int Days)[] runs)
    {
        foreach (var (status, days) in runs)
        {
            await Sql.ExecuteAsync(
                _database, "INSERT INTO public.pipeline_runs (run_id, status, created_at) VALUES ($2::text, $1, now() - $2 * interval '1 day')", status, days);
        }
    }

    // 120 days of rows, every third undated, in a shuffled order; bare means no key, no index, and every id twice.
    private async Task FillAsync(bool isBare)
    {
        if (isBare)
        {
            await Sql.ExecuteAsync(_database, """
                ALTER TABLE public.research_cache DROP CONSTRAINT research_cache_pkey;
                ALTER TABLE public.scripts DROP CONSTRAINT scripts_pkey;
                ALTER TABLE public.pipeline_runs DROP CONSTRAINT pipeline_runs_pkey;
                DROP INDEX public.ix_research_cache_topic_created_at, public.ix_scripts_created_at_id, public.ix_pipeline_runs_created_at_id;
                """);
        }

        const string Moment = "CASE WHEN n % 3 > 0 THEN now() - n % 120 * interval '1 day' END";
        foreach (var _ in Enumerable.Range(0, isBare ? 2 : 1))
        {
            await Sql.ExecuteAsync(_database, $"""
                INSERT INTO public.research_cache (id, topic, content, created_at)
                SELECT md5(n::text)::uuid, CASE WHEN n % 10 = 0 THEN 'system' ELSE 'topic ' || n % 17 END, 'x', {Moment} FROM generate_series(1, 600) AS n ORDER BY md5(n::text);
                INSERT INTO public.scripts (id, content, created_at) SELECT md5(n::text)::uuid, 'x', {Moment} FROM generate_series(1, 600) AS n ORDER BY md5(n::text);
                INSERT INTO public.pipeline_runs (id, status, created_at)
                SELECT md5(n::text)::uuid, (ARRAY['success', 'failure', 'warning', NULL])[n % 4 + 1], {Moment} FROM generate_series(1, 600) AS n ORDER BY md5(n::text);
                """);
        }
    }

    private Task<long> CountAllAsync() => Sql.ScalarAsync<long>(
        _database, "SELECT (SELECT count(*) FROM public.research_cache) + (SELECT count(*) FROM public.scripts) + (SELECT count(*) FROM public.pipeline_runs)");

    private async Task<string> ListAsync(string table, string column) =>
        await Sql.ScalarAsync<string>(_database, $"SELECT string_agg({column}, ',' ORDER BY {column} COLLATE \"C\") FROM public.{table}") ?? "";
}
