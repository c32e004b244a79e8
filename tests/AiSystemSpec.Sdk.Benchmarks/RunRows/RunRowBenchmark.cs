using System.Globalization;
using System.Text.Json.Nodes;
using AiSystemSpec.Sdk.Benchmarks.Databases;
using AiSystemSpec.Sdk.Benchmarks.Harness;
using Npgsql;

namespace AiSystemSpec.Sdk.Benchmarks.RunRows;

/// <summary>One run row, committed when the call returns. Every peer has a database of its own, so that all grow alike.</summary>
internal static class RunRowBenchmark
{
    private static readonly int[] Callers = [1, 16];

    public static async Task RunAsync(BenchmarkServer server, RunOptions options)
    {
        await using var handWritten = NpgsqlDataSource.Create(await server.CreateDatabaseAsync());
        await using var dapper = NpgsqlDataSource.Create(await server.CreateDatabaseAsync());
        await using var ef = new EfHost(await server.CreateDatabaseAsync());
        await using var sdk = new SdkHost(await server.CreateDatabaseAsync());
        var runs = sdk.Runs;
        Peer[] peers =
        [
            new("Npgsql, hand-written", async call => Check((await RunRowPeers.HandWrittenAsync(handWritten, EntryOf(call))).CreatedAt)),
            new("SDK, WriteAsync", async call => Check((await runs.WriteAsync(EntryOf(call))).CreatedAt)) { HasTarget = true },
            new("Dapper", async call => Check((await RunRowPeers.DapperAsync(dapper, EntryOf(call))).CreatedAt)),
            new("EF Core, SaveChanges", async call => Check((await RunRowPeers.EfAsync(ef.Contexts, EntryOf(call))).CreatedAt)),
        ];
        foreach (var callers in Callers)
        {
            (await new Comparison("One run row, committed", callers, peers).RunAsync(options)).Print(Console.Out);
        }
    }

    private static RunLogEntry EntryOf(int call) => new(string.Create(CultureInfo.InvariantCulture, $"run-{call / 8:D8}"), "research", RunStatus.Success)
    {
        InputRefs = new JsonObject { ["topic"] = "what is known about it", ["source"] = "documents/input.md" },
        OutputRefs = new JsonObject { ["research_cache_id"] = "0193a2f0-0000-7000-8000-000000000000" },
        Metrics = new StageMetrics { LatencyMs = 1_840 + call, Tokens = 2_310, CostUsd = 0.0123m, CacheHit = false, RetryCount = 0 },
    };

    private static void Check<T>(T? createdAt)
        where T : struct
    {
        if (createdAt is null)
        {
            throw new InvalidOperationException("A peer did not learn the row's moment.");
        }
    }
}
