using AiSystemSpec.Sdk.Benchmarks.Databases;
using AiSystemSpec.Sdk.Benchmarks.Harness;
using Npgsql;

namespace AiSystemSpec.Sdk.Benchmarks.Lookups;

/// <summary>The newest fresh row of a topic, with one caller and with many.</summary>
internal static class LookupBenchmark
{
    private static readonly int[] Callers = [1, 16];

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
            new("Npgsql, hand-written", async call => Check((await HandWrittenLookup.FindAsync(handWritten, Topics.Of(call)))?.Content)),
            new("SDK, GetFreshAsync", async call => Check((await cache.GetFreshAsync(Topics.Of(call)))?.Content)) { HasTarget = true },
            new("SDK, GetOrResearchAsync (hit)", async call => Check((await cache.GetOrResearchAsync(Topics.Of(call), NeverAsync)).Entry.Content)) { HasTarget = true },
            new("Npgsql, the SDK's statement", async call => Check((await SdkSqlLookup.FindAsync(sdkSql, Topics.Of(call)))?.Content)),
            new("Dapper", async call => Check((await DapperLookup.FindAsync(dapper, Topics.Of(call)))?.Content)),
            new("EF Core, no tracking", async call => Check((await EfLookup.FindAsync(ef.Contexts, Topics.Of(call)))?.Content)),
            new("EF Core, compiled query", async call => Check((await EfLookup.FindCompiledAsync(ef.Contexts, Topics.Of(call)))?.Content)),
        ];
        foreach (var callers in Callers)
        {
            (await new Comparison("Newest fresh row of a topic, 4 KB", callers, peers).RunAsync(options)).Print(Console.Out);
        }
    }

    private static Task<string> NeverAsync(ResearchContext context, CancellationToken cancellationToken) =>
        throw new InvalidOperationException("Every topic of this benchmark is fresh.");

    private static void Check(string? content)
    {
        if (content?.Length != Topics.ContentLength)
        {
            throw new InvalidOperationException("A peer did not find the topic's newest row.");
        }
    }
}
