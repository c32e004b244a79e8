using AiSystemSpec.Sdk.Benchmarks.Databases;
using AiSystemSpec.Sdk.Benchmarks.Harness;
using Npgsql;

namespace AiSystemSpec.Sdk.Benchmarks.ManyTopics;

/// <summary>A thousand topics in one call.</summary>
internal static class ManyTopicsBenchmark
{
    private const int PerCall = 1_000;

    public static async Task RunAsync(BenchmarkServer server, RunOptions options)
    {
        var sdkDatabase = await server.CreateDatabaseAsync();
        await Topics.WriteAsync(sdkDatabase);
        var peersDatabase = await server.CopyWithPeersIndexAsync(sdkDatabase);

        await using var handWritten = NpgsqlDataSource.Create(peersDatabase);
        await using var sdkSql = NpgsqlDataSource.Create(sdkDatabase);
        await using var dapper = NpgsqlDataSource.Create(peersDatabase);
        await using var ef = new EfHost(peersDatabase);
        await using var sdk = new SdkHost(sdkDatabase);
        var cache = sdk.Research;
        Peer[] peers =
        [
            new("Npgsql, hand-written", async call => Check((await HandWrittenMany.FindAsync(handWritten, Of(call))).Count)),
            new("SDK, GetFreshAsync (topics)", async call => Check((await cache.GetFreshAsync(Of(call))).Count)) { HasTarget = true },
            new("Npgsql, the SDK's statement", async call => Check((await HandWrittenMany.FindBySdkSqlAsync(sdkSql, Of(call))).Count)),
            new("Dapper", async call => Check((await DapperMany.FindAsync(dapper, Of(call))).Count)),
            new("EF Core, Contains", async call => Check((await EfMany.FindAsync(ef.Contexts, Of(call))).Count)),
        ];
        (await new Comparison("1,000 topics at once, 4 KB each", callers: 1, peers).RunAsync(options)).Print(Console.Out);
    }

    private static string[] Of(int call) => Topics.Of(call, PerCall);

    private static void Check(int count)
    {
        if (count != PerCall)
        {
            throw new InvalidOperationException("A peer did not find every topic.");
        }
    }
}
