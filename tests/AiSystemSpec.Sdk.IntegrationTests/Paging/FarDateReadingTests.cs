using AiSystemSpec.Sdk.Connections;
using AiSystemSpec.Sdk.IntegrationTests.Infrastructure;
using AiSystemSpec.Sdk.IntegrationTests.Infrastructure.Routes;
using AiSystemSpec.Sdk.IntegrationTests.Persistence;
using AiSystemSpec.Sdk.Retention.Purging;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace AiSystemSpec.Sdk.IntegrationTests.Paging;

/// <summary>
/// Every reader over rows that are dated outside of .NET's years: none throws, none loses its way, and the order is the server's.
/// </summary>
public sealed class FarDateReadingTests : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private const string Order = "ORDER BY created_at DESC NULLS LAST, id DESC";
    private const int Each = 3;

    private static readonly int[] Limits = [1, 2, 7, 1000];

    private string _database = null!;
    private HostServices _sdk = null!;

    public async Task InitializeAsync()
    {
        _database = await PostgresFixture.CreateDatabaseAsync();
        _sdk = HostServices.Over(_database);
    }

    public async Task DisposeAsync() => await _sdk.DisposeAsync();

    [Fact]
    public async Task Scripts_are_listed_each_once_in_the_servers_order()
    {
        await FarDates.InsertAsync(_database, "scripts", "content", "moment || ' ' || number", Each);
        var expected = await ExpectedAsync("scripts", "content");
        foreach (var limit in Limits)
        {
            var pages = await PagesAsync(cursor => _sdk.Scripts.ListAsync(page: new PageRequest { Cursor = cursor, Limit = limit }));
            Assert.Equal(expected, pages.Select(script => script.Content));
            Assert.All(pages, script => AssertRead(script.Content!, script.CreatedAt));
        }

        var newest = (await _sdk.Scripts.GetLatestAsync())!;
        Assert.Equal((expected[0], DateTimeOffset.MaxValue), (newest.Content, newest.CreatedAt!.Value));
        Assert.Equal(newest.CreatedAt, (await _sdk.Scripts.GetAsync(newest.Id))!.CreatedAt);
        var old = await _sdk.Scripts.ListAsync(new ScriptFilter { To = DateTimeOffset.MinValue.AddYears(1) });
        Assert.Equal(6 * Each, old.Items.Count);
        Assert.Equal(7 * Each, (await _sdk.Scripts.ListAsync(new ScriptFilter { From = new DateTimeOffset(9000, 1, 1, 0, 0, 0, TimeSpan.Zero) })).Items.Count);
    }

    [Fact]
    public async Task Runs_are_read_each_row_once_in_the_servers_order()
    {
        await FarDates.InsertAsync(_database, "pipeline_runs", "run_id, stage, status, error_summary", "'far', 'stage ' || number, CASE WHEN moment = 'infinity' THEN 'success' ELSE 'failure' END, moment || ' ' || number", Each);
        var expected = await ExpectedAsync("pipeline_runs", "error_summary");
        foreach (var limit in Limits)
        {
            var pages = await PagesAsync(cursor => _sdk.History.QueryAsync(new RunFilter { RunId = "far" }, new PageRequest { Cursor = cursor, Limit = limit }));
            Assert.Equal(expected, pages.Select(run => run.ErrorSummary));
            Assert.All(pages, run => AssertRead(run.ErrorSummary!, run.CreatedAt));
        }

        var timeline = (await _sdk.History.GetRunAsync("far"))!;
        Assert.Equal(await ExpectedAsync("pipeline_runs", "error_summary", "ORDER BY created_at, id"), timeline.Rows.Select(run => run.ErrorSummary));
        Assert.Equal((DateTimeOffset.MinValue, DateTimeOffset.MaxValue), (timeline.StartedAt!.Value, timeline.EndedAt!.Value));
        Assert.Equal(Each, (await _sdk.History.GetCompletedStagesAsync("far")).Count);
    }

    [Fact]
    public async Task Research_is_looked_up_listed_and_judged()
    {
        await FarDates.InsertAsync(_database, "research_cache", "topic, content", "'far', moment || ' ' || number", Each);
        await FarDates.InsertAsync(_database, "research_cache", "topic, content", "'of ' || moment, moment || ' ' || number", Each);
        await FarDates.InsertAsync(_database, "research_cache", "topic, content", "'system', moment || ' ' || number", 40); // more than a page each
        Assert.Equal(await ExpectedAsync("research_cache", "content", $"AND topic = 'far' {Order}"), await ListAsync(_sdk.Research.GetHistoryAsync("far")));
        Assert.Equal(await ExpectedAsync("research_cache", "content", $"AND topic = 'system' {Order}"), await ListAsync(_sdk.Research.GetSystemEventsAsync()));
        Assert.Equal(7 * 40, (await ListAsync(_sdk.Research.GetSystemEventsAsync(new DateTimeOffset(9999, 1, 1, 0, 0, 0, TimeSpan.Zero)))).Count);

        Assert.Equal(DateTimeOffset.MaxValue, (await _sdk.Research.GetFreshAsync("far"))!.CreatedAt);
        var topics = FarDates.Moments.Select(moment => $"of {moment}").ToList();
        var fresh = await _sdk.Research.GetFreshAsync(topics);
        Assert.Equal(7, fresh.Count); // what lies ahead of the clock is newer than any window
        Assert.Equal(topics.Count, (await _sdk.Research.GetFreshAsync(topics, TimeSpan.MaxValue)).Count);
        foreach (var moment in FarDates.Moments)
        {
            Assert.Equal(FarDates.Read(moment), (await _sdk.Research.GetLatestAsync($"of {moment}"))!.CreatedAt);
            var result = await _sdk.Research.GetOrResearchAsync($"of {moment}", (_, _) => Task.FromResult("new"), new ResearchOptions { EagerRefreshAt = 0.5 });
            Assert.Equal(fresh.ContainsKey($"of {moment}") ? ResearchOutcome.Hit : ResearchOutcome.Researched, result.Outcome);
            Assert.True(result.Age >= TimeSpan.Zero);
        }
    }

    [Fact]
    public async Task Similar_topics_are_found()
    {
        await Sql.ExecuteAsync(_database, "CREATE EXTENSION pg_trgm");
        await TestRoute.GrantAgainAsync(_database);
        await FarDates.InsertAsync(_database, "research_cache", "topic, content", "'similar topic ' || pg_catalog.md5(moment), moment", 1);
        var found = await _sdk.Services.GetRequiredService<IResearchSearch>().FindSimilarAsync("similar topic", new SimilarityOptions { MinSimilarity = 0.1, MaxAge = TimeSpan.MaxValue, Limit = 100 });
        Assert.Equal(FarDates.Moments.Length, found.Count);
        Assert.All(found, match => Assert.Equal(FarDates.Read(match.Entry.Content!), match.Entry.CreatedAt));
    }

    [Fact]
    public async Task What_the_server_stamps_is_returned()
    {
        foreach (var table in new[] { "research_cache", "scripts", "pipeline_runs" })
        {
            await Sql.ExecuteAsync(_database, $"ALTER TABLE public.{table} ALTER COLUMN created_at SET DEFAULT now() + interval '56000 years'");
        }

        Assert.Equal(DateTimeOffset.MaxValue, (await _sdk.Research.SaveAsync("far", "x")).CreatedAt);
        Assert.Equal(DateTimeOffset.MaxValue, (await _sdk.Research.WriteSystemEventAsync("x")).CreatedAt);
        Assert.Equal(DateTimeOffset.MaxValue, (await _sdk.Scripts.SaveAsync("x")).CreatedAt);
        var id = Guid.NewGuid();
        for (var call = 1; call <= 2; call++) // the second finds the row
        {
            Assert.Equal(DateTimeOffset.MaxValue, (await _sdk.Runs.WriteAsync(new RunLogEntry("far", "a", RunStatus.Success) { Id = id })).CreatedAt);
        }
    }

    [Fact]
    public async Task Purge_deletes_what_is_old_and_nothing_that_lies_ahead()
    {
        await FarDates.InsertAsync(_database, "scripts", "content", "moment", Each);
        await using var source = NpgsqlDataSource.Create(_database);
        await using var database = new Database(source, ownsDataSource: false, commandTimeout: null, TimeProvider.System);
        var table = new RetentionTable(database, findLimit: 4);
        var rules = RetentionRules.Of(new RetentionOptions { ScriptAge = TimeSpan.FromDays(1) }, await table.ReadClockAsync(CancellationToken.None));
        await using (var purgeLock = await PurgeLock.TryTakeAsync(database, TimeProvider.System, CancellationToken.None))
        {
            var result = await new Purge(database, table, purgeLock!, batchSize: 3, TimeSpan.Zero, TimeProvider.System).RunAsync([.. rules], CancellationToken.None);
            Assert.Equal(7 * Each, result.ScriptRows);
        }

        await _sdk.Services.GetRequiredService<IRetention>().PurgeAsync(new RetentionOptions { KeepLatestScripts = 1 });
        var left = await _sdk.Scripts.ListAsync();
        Assert.Equal(FarDates.Moments[0], left.Items[0].Content);
    }

    private static void AssertRead(string content, DateTimeOffset? createdAt) =>
        Assert.Equal(content[0] == ' ' ? null : FarDates.Read(content[..content.LastIndexOf(' ')]), createdAt);

    private static async Task<List<T>> PagesAsync<T>(Func<string?, Task<Page<T>>> next)
    {
        var all = new List<T>();
        string? cursor = null;
        do
        {
            var page = await next(cursor);
            all.AddRange(page.Items);
            cursor = page.NextCursor;
        }
        while (cursor is not null);
        return all;
    }

    private static async Task<List<string?>> ListAsync(IAsyncEnumerable<ResearchEntry> entries)
    {
        var contents = new List<string?>();
        await foreach (var entry in entries)
        {
            contents.Add(entry.Content);
        }

        return contents;
    }

    private async Task<string[]> ExpectedAsync(string table, string column, string rest = Order) =>
        (await Sql.ScalarAsync<string[]>(_database, $"SELECT ARRAY(SELECT {column} FROM public.{table} WHERE true {rest})"))!;
}
