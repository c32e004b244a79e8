using AiSystemSpec.Sdk.Benchmarks.Databases;
using AiSystemSpec.Sdk.Benchmarks.Harness;
using Npgsql;

namespace AiSystemSpec.Sdk.Benchmarks.Stores;

/// <summary>Storing one row of research. Every peer has a database of its own, so that all grow alike.</summary>
internal static class StoreBenchmark
{
    private static readonly int[] Callers = [1, 16];
    private static readonly string Content = Topics.Text(new Random(1));

    public static async Task RunAsync(BenchmarkServer server, RunOptions options)
    {
        var sdkDatabase = await server.CreateDatabaseAsync();
        await Topics.WriteAsync(sdkDatabase);
        await using var handWritten = NpgsqlDataSource.Create(await server.CopyWithPeersIndexAsync(sdkDatabase));
        await using var dapper = NpgsqlDataSource.Create(await server.CopyWithPeersIndexAsync(sdkDatabase));
        await using var ef = new EfHost(await server.CopyWithPeersIndexAsync(sdkDatabase));
        await using var sdk = new SdkHost(sdkDatabase);
        var cache = sdk.Research;
        Peer[] peers =
        [
            new("Npgsql, hand-written", async call => Check((await StorePeers.HandWrittenAsync(handWritten, Topics.Of(call), Content)).CreatedAt)),
            new("SDK, SaveAsync", async call => Check((await cache.SaveAsync(Topics.Of(call), Content)).CreatedAt)) { HasTarget = true },
            new("Dapper", async call => Check((await StorePeers.DapperAsync(dapper, Topics.Of(call), Content)).CreatedAt)),
            new("EF Core, SaveChanges", async call => Check((await StorePeers.EfAsync(ef.Contexts, Topics.Of(call), Content)).CreatedAt)),
        ];
        foreach (var callers in Callers)
        {
            (await new Comparison("One row of research stored, 4 KB, committed", callers, peers).RunAsync(options)).Print(Console.Out);
        }
    }

    private static void Check<T>(T? createdAt)
        where T : struct
    {
        if (createdAt is null)
        {
            throw new InvalidOperationException("A peer did not learn the row's moment.");
        }
    }
}
