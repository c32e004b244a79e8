using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace AiSystemSpec.Sdk.IntegrationTests.Infrastructure;

/// <summary>One call of each kind that a host makes, by name: for what must be said of all.</summary>
internal static class EveryService
{
    public static IReadOnlyDictionary<string, Func<HostServices, Task>> Calls { get; } = new Dictionary<string, Func<HostServices, Task>>(
        StringComparer.Ordinal)
    {
        ["GetFresh"] = async host => await host.Research.GetFreshAsync("topic"),
        ["GetFresh, many"] = host => host.Research.GetFreshAsync(["one", "two"]),
        ["GetLatest"] = host => host.Research.GetLatestAsync("topic"),
        ["SaveResearch"] = host => host.Research.SaveAsync("topic", "content"),
        ["SaveResearch, many"] = host => host.Research.SaveAsync(new Dictionary<string, string> { ["one"] = "content", ["two"] = "content" }),
        ["GetOrResearch"] = async host => await host.Research.GetOrResearchAsync("topic", (_, _) => Task.FromResult("content")),
        ["GetHistory"] = async host => await host.Research.GetHistoryAsync("topic").GetAsyncEnumerator().MoveNextAsync(),
        ["Remove"] = host => host.Research.RemoveAsync("topic"),
        ["WriteSystemEvent"] = host => host.Research.WriteSystemEventAsync("boot"),
        ["Save"] = host => host.Scripts.SaveAsync("script"),
        ["GetScript"] = host => host.Scripts.GetAsync(Guid.NewGuid()),
        ["DeleteScript"] = host => host.Scripts.DeleteAsync(Guid.NewGuid()),
        ["SaveIfChanged"] = host => host.Scripts.SaveIfChangedAsync("script"),
        ["FindScripts"] = host => host.Scripts.ListAsync(new ScriptFilter { Contains = "a", JsonPath = "b" }),
        ["GetChanges"] = host => host.Scripts.GetChangesAsync(),
        ["ListScripts"] = host => host.Scripts.ListAsync(),
        ["ExportScripts"] = host => host.Scripts.ExportAsync(Stream.Null),
        ["ExportRuns"] = host => host.History.ExportAsync(Stream.Null),
        ["ExportResearch"] = host => host.Research.ExportAsync(Stream.Null),
        ["ImportScripts"] = host => host.Scripts.ImportAsync(new MemoryStream("{\"id\":\"00000000-0000-4000-8000-000000000001\"}"u8.ToArray())),
        ["ImportRuns"] = host => host.History.ImportAsync(new MemoryStream("{\"id\":\"00000000-0000-4000-8000-000000000001\"}"u8.ToArray())),
        ["ImportResearch"] = host => host.Research.ImportAsync(new MemoryStream("{\"id\":\"00000000-0000-4000-8000-000000000001\",\"topic\":\"t\"}"u8.ToArray())),
        ["Write"] = host => host.Runs.WriteAsync(new RunLogEntry("run", "stage", RunStatus.Success)),
        ["GetRun"] = host => host.History.GetRunAsync("run"),
        ["QueryRuns"] = host => host.History.QueryAsync(new RunFilter()),
        ["GetCompletedStages"] = host => host.History.GetCompletedStagesAsync("run"),
        ["DeleteRun"] = host => host.History.DeleteRunAsync("run"),
        ["Purge, counted"] = host => host.Services.GetRequiredService<IRetention>().PurgeAsync(new RetentionOptions { RunAge = TimeSpan.FromDays(1) }, new PurgeOptions { DryRun = true }),
        ["Purge"] = host => host.Services.GetRequiredService<IRetention>().PurgeAsync(new RetentionOptions { RunAge = TimeSpan.FromDays(1) }),
    };

    /// <summary>A host's own LINQ, with and without waiting.</summary>
    public static IReadOnlyDictionary<string, Func<HostServices, Task>> Linq { get; } = new Dictionary<string, Func<HostServices, Task>>(
        StringComparer.Ordinal)
    {
        ["ToListAsync"] = host => WithContextAsync(host, context => context.Scripts.ToListAsync()),
        ["ToList"] = host => WithContextAsync(host, context => Task.FromResult(context.Scripts.ToList())),
        ["SaveChanges"] = host => WithContextAsync(host, context =>
        {
            _ = context.Add(new Script { Content = "x" });
            return context.SaveChangesAsync();
        }),
    };

    private static async Task WithContextAsync(HostServices host, Func<AiSystemSpecDbContext, Task> use)
    {
        await using var context = await host.Services.GetRequiredService<IDbContextFactory<AiSystemSpecDbContext>>().CreateDbContextAsync();
        await use(context);
    }
}
