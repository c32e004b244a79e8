using System.Text.Json.Nodes;
using AiSystemSpec.Sdk;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

// What a trimmed or native program uses: the cache and the run logger, on the database that the first argument names.
var connectionString = args[0];
var settings = new Dictionary<string, string?> { ["AiSystemSpec:MaxAge"] = "1.00:00:00", ["AiSystemSpec:RunLog:QueueCapacity"] = "77" };
await using var services = new ServiceCollection()
    .AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(settings).Build())
    .AddAiSystemSpec(connectionString)
    .BuildServiceProvider();
var options = services.GetRequiredService<IOptions<AiSystemSpecOptions>>().Value;
Console.WriteLine($"window: {options.MaxAge}, queue: {options.RunLog.QueueCapacity}");
var cache = services.GetRequiredService<IResearchCache>();
var runs = services.GetRequiredService<IRunLogger>();

var run = $"native-{Guid.NewGuid()}";
for (var call = 1; call <= 2; call++)
{
    var outcome = await runs.RunStageAsync(run, "research", async (scope, cancellationToken) =>
    {
        var result = await cache.GetOrResearchAsync(run, (_, _) => Task.FromResult("found"), cancellationToken: cancellationToken);
        scope.AddTokens(5);
        scope.Set("model", JsonValue.Create("none"));
        return result.Outcome;
    });
    Console.WriteLine($"call {call}: {outcome}");
}

var stored = await cache.SaveAsync($"{run} 2", "stored");
var fresh = await cache.GetFreshAsync([run, $"{run} 2"]);
Console.WriteLine($"fresh: {fresh.Count}, latest: {(await cache.GetLatestAsync($"{run} 2"))!.Id == stored.Id}, removed: {await cache.RemoveAsync($"{run} 2")}");
_ = await cache.WriteSystemEventAsync("System Boot");
_ = await runs.WriteAsync(new RunLogEntry(run, "qa", RunStatus.Success) { InputRefs = new JsonObject { ["a"] = 1 }, Metrics = new StageMetrics { CostUsd = 0.5m } });
runs.Skip(run, "upload");
var flushed = await runs.FlushAsync();
Console.WriteLine($"written: {flushed.Written}, dropped: {flushed.Lost}");
Console.WriteLine($"run: {run}");
