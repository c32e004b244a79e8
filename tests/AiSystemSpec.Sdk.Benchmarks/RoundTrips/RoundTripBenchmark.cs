using System.Diagnostics;
using System.Globalization;
using AiSystemSpec.Sdk.Benchmarks.Databases;
using AiSystemSpec.Sdk.Benchmarks.Harness;
using Npgsql;

namespace AiSystemSpec.Sdk.Benchmarks.RoundTrips;

/// <summary>How often each call of the cache waits for the server, and how long it takes with a research that takes no time.</summary>
internal static class RoundTripBenchmark
{
    public static async Task RunAsync(BenchmarkServer server, RunOptions options)
    {
        var connectionString = await server.CreateDatabaseAsync();
        await Topics.WriteAsync(connectionString);
        using var counter = new RoundTripCounter();
        var builder = new NpgsqlDataSourceBuilder(connectionString + ";No Reset On Close=true"); // else the SDK asks once whether a pooler stands between
        await using var dataSource = builder.UseLoggerFactory(counter).Build();
        await using var sdk = new SdkHost(dataSource);
        var cache = sdk.Research;
        (string Name, Func<int, Task> Call)[] calls =
        [
            ("GetOrResearchAsync, cold", async call => Expect(ResearchOutcome.Researched, (await cache.GetOrResearchAsync($"cold {call}", Research)).Outcome)),
            ("GetOrResearchAsync, expired", async call => Expect(ResearchOutcome.Researched, (await cache.GetOrResearchAsync($"cold {call}", Research, new ResearchOptions { MaxAge = TimeSpan.FromTicks(1) })).Outcome)),
            ("GetOrResearchAsync, hit", async call => Expect(ResearchOutcome.Hit, (await cache.GetOrResearchAsync($"cold {call}", Research)).Outcome)),
            ("GetFreshAsync", async call => _ = await cache.GetFreshAsync($"cold {call}")),
            ("GetFreshAsync, two topics", async call => _ = await cache.GetFreshAsync([$"cold {call}", "absent"])),
            ("SaveAsync", async call => _ = await cache.SaveAsync($"cold {call}", "stored")),
        ];
        Console.WriteLine();
        Console.WriteLine("Round trips of one call");
        foreach (var (name, call) in calls)
        {
            await call(0);
            var (before, times) = (counter.Count, new List<double>());
            for (var round = 1; round <= options.Rounds; round++)
            {
                var began = Stopwatch.GetTimestamp();
                await call(round);
                times.Add(Stopwatch.GetElapsedTime(began).TotalMicroseconds);
            }

            times.Sort();
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {name,-32}{(counter.Count - before) / (double)options.Rounds,6:0.0}   {times[times.Count / 2],8:0} µs"));
        }
    }

    private static Task<string> Research(ResearchContext context, CancellationToken cancellationToken) => Task.FromResult("found");

    private static void Expect(ResearchOutcome expected, ResearchOutcome outcome)
    {
        if (outcome != expected)
        {
            throw new InvalidOperationException($"A call was {outcome} and should have been {expected}.");
        }
    }
}
