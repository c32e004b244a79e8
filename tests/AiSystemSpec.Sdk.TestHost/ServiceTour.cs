using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace AiSystemSpec.Sdk.TestHost;

/// <summary>
/// Uses every service once and compares what it says with what stands in the table, as text: so that it can be done under any setting of
/// the host, and in a process that has one of its own.
/// </summary>
internal static class ServiceTour
{
    // In the hour that New York has twice, and finer than milliseconds.
    private static readonly DateTimeOffset Given = new DateTimeOffset(2025, 11, 2, 5, 30, 0, TimeSpan.Zero).AddMicroseconds(123_456);

    /// <param name="services">The services.</param>
    /// <param name="connectionString">The same database, as one who may do anything.</param>
    /// <exception cref="InvalidOperationException">Something is not as it should be.</exception>
    public static async Task RunAsync(IServiceProvider services, string connectionString)
    {
        await using var plain = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false, ClientEncoding = "UTF8" }.ConnectionString);
        await ResearchAsync(services.GetRequiredService<IResearchCache>(), plain);
        await ScriptsAsync(services.GetRequiredService<IScriptStore>(), plain);
        await RunsAsync(services.GetRequiredService<IRunLogger>(), services.GetRequiredService<IRunHistory>(), plain);
        await ContextAsync(services.GetRequiredService<IDbContextFactory<AiSystemSpecDbContext>>(), plain);
        await RetentionAsync(services.GetRequiredService<IRetention>(), plain);
    }

    private static async Task ResearchAsync(IResearchCache cache, NpgsqlDataSource plain)
    {
        const string Topic = "café – Nähe ☕";
        var stored = await cache.SaveAsync(Topic, "gefunden: 漢字");
        Equal("stored", await TextAsync(plain, $"SELECT topic || '|' || content || '|' || {Utc} FROM public.research_cache WHERE id = '{stored.Id}'"), $"{Topic}|gefunden: 漢字|{Text(stored.CreatedAt)}");
        Equal("fresh", (await cache.GetFreshAsync(Topic))?.CreatedAt, stored.CreatedAt);
        Equal("offset", stored.CreatedAt?.Offset, TimeSpan.Zero);
        Equal("many", (await cache.GetFreshAsync([Topic, "another"])).Count, 1);
        Equal("latest", (await cache.GetLatestAsync(Topic))?.Id, stored.Id);
        Equal("researched", (await cache.GetOrResearchAsync("new", (_, _) => Task.FromResult("x"))).Outcome, ResearchOutcome.Researched);
        var boot = await cache.WriteSystemEventAsync("System Boot");
        Equal("events", await CountAsync(cache.GetSystemEventsAsync(since: boot.CreatedAt)), 1);
        Equal("later events", await CountAsync(cache.GetSystemEventsAsync(since: boot.CreatedAt + TimeSpan.FromMicroseconds(1))), 0);
        Equal("history", await CountAsync(cache.GetHistoryAsync(Topic)), 1);
        Equal("removed", await cache.RemoveAsync(Topic), 1);
    }

    private static async Task ScriptsAsync(IScriptStore scripts, NpgsqlDataSource plain)
    {
        var saved = await scripts.SaveAsync("""{"meta":{"title":"Ä"}}""");
        Equal("saved", await TextAsync(plain, $"SELECT {Utc} FROM public.scripts WHERE id = '{saved.Id}'"), Text(saved.CreatedAt));
        Equal("got", (await scripts.GetAsync(saved.Id))?.CreatedAt, saved.CreatedAt);
        var filter = new ScriptFilter { Contains = "Ä", JsonPath = "meta.title", From = saved.CreatedAt, To = saved.CreatedAt + TimeSpan.FromMicroseconds(1) };
        Equal("listed", (await scripts.ListAsync(filter)).Items.Count, 1);
        Equal("not listed", (await scripts.ListAsync(filter with { To = saved.CreatedAt })).Items.Count, 0);
    }

    private static async Task RunsAsync(IRunLogger logger, IRunHistory history, NpgsqlDataSource plain)
    {
        var entry = new RunLogEntry("run", "direct", RunStatus.Success)
        {
            Id = Guid.NewGuid(),
            CreatedAt = Given.ToOffset(TimeSpan.FromHours(-4)),
            InputRefs = new JsonObject { ["name"] = "Ü" },
            Metrics = new StageMetrics { Tokens = 7 },
        };
        Equal("written", (await logger.WriteAsync(entry)).CreatedAt, Given);
        Equal("written again", (await logger.WriteAsync(entry)).CreatedAt, Given); // or it would be said that its content is another one
        Equal("in the table", await TextAsync(plain, $"SELECT {Utc} FROM public.pipeline_runs WHERE id = '{entry.Id}'"), Text(Given));
        logger.Enqueue(entry with { Id = Guid.NewGuid(), Stage = "given" });
        logger.Enqueue(entry);
        logger.Enqueue(new RunLogEntry("run", "now", RunStatus.Skipped) { ErrorSummary = "ß" });
        _ = await logger.FlushAsync();
        Equal("rows", await TextAsync(plain, "SELECT count(*)::text FROM public.pipeline_runs WHERE run_id = 'run'"), "3");
        Equal("given", await TextAsync(plain, $"SELECT {Utc} FROM public.pipeline_runs WHERE stage = 'given'"), Text(Given));
        Equal("now", await TextAsync(plain, "SELECT (abs(extract(epoch FROM now() - created_at)) < 60)::text FROM public.pipeline_runs WHERE stage = 'now'"), "true");
        Equal("refs", await TextAsync(plain, "SELECT input_refs ->> 'name' FROM public.pipeline_runs WHERE stage = 'given'"), "Ü");
        var rows = (await history.GetRunAsync("run"))!.Rows;
        Equal("timeline", string.Join(',', rows.Select(row => Text(row.CreatedAt)).Take(2).Distinct(StringComparer.Ordinal)), Text(Given));
        Equal("metrics", rows[0].Metrics?.Tokens, 7L);
        Equal("query", (await history.QueryAsync(new RunFilter { From = Given, To = Given.AddMicroseconds(1) })).Items.Count, 2);
        Equal("completed", (await history.GetCompletedStagesAsync("run")).Count, 3);
    }

    private static async Task ContextAsync(IDbContextFactory<AiSystemSpecDbContext> contexts, NpgsqlDataSource plain)
    {
        await using var context = await contexts.CreateDbContextAsync();
        var given = Given; // a parameter: EF writes a constant as TIMESTAMPTZ '…', which another search_path may lead astray
        var script = new Script { Content = "linq ☕", CreatedAt = given };
        _ = context.Add(script);
        _ = await context.SaveChangesAsync();
        Equal("saved by the context", await TextAsync(plain, $"SELECT content || {Utc} FROM public.scripts WHERE id = '{script.Id}'"), "linq ☕" + Text(Given));
        context.ChangeTracker.Clear();
        var found = await context.Scripts.Where(row => row.CreatedAt == given).ToListAsync();
        Equal("found by the context", found.Single().CreatedAt, Given);
        Equal("its offset", found.Single().CreatedAt?.Offset, TimeSpan.Zero);
        Equal("updated by the context", await context.PipelineRuns.Where(row => row.Stage == "given").ExecuteUpdateAsync(set => set.SetProperty(row => row.CreatedAt, given)), 1);
    }

    private static async Task RetentionAsync(IRetention retention, NpgsqlDataSource plain)
    {
        _ = await TextAsync(plain, "INSERT INTO public.pipeline_runs (run_id, status, created_at) VALUES ('old', 'success', now() - interval '40 days'), ('young', 'success', now() - interval '20 days')");
        var options = new RetentionOptions { RunAgesByStatus = { [RunStatus.Success] = TimeSpan.FromDays(30) }, RunAge = TimeSpan.FromDays(30), KeepLatestScripts = 1 };
        Equal("counted", (await retention.PurgeAsync(options, new PurgeOptions { DryRun = true })).ScriptRows, 1L);
        Equal("scripts purged", (await retention.PurgeAsync(options)).ScriptRows, 1L);
        Equal("left", await TextAsync(plain, "SELECT string_agg(run_id, ',' ORDER BY run_id) FROM public.pipeline_runs"), "run,young");
    }

    private const string Utc = "to_char(created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')";

    private static string? Text(DateTimeOffset? moment) =>
        moment?.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.ffffff", CultureInfo.InvariantCulture);

    private static async Task<string?> TextAsync(NpgsqlDataSource plain, string sql)
    {
        await using var command = plain.CreateCommand(sql);
        return await command.ExecuteScalarAsync() as string;
    }

    private static async Task<int> CountAsync<T>(IAsyncEnumerable<T> items)
    {
        var count = 0;
        await foreach (var _ in items)
        {
            count++;
        }

        return count;
    }

    private static void Equal<T>(string what, T actual, T expected)
    {
        if (!EqualityComparer<T>.Default.Equals(actual, expected))
        {
            throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"{what}: {actual} instead of {expected}."));
        }
    }
}
