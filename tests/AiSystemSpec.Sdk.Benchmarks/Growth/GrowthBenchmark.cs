using System.Globalization;
using AiSystemSpec.Sdk.Benchmarks.Databases;
using AiSystemSpec.Sdk.Benchmarks.Harness;
using AiSystemSpec.Sdk.Benchmarks.Lookups;
using Npgsql;

namespace AiSystemSpec.Sdk.Benchmarks.Growth;

/// <summary>The lookup in a small table and in a big one, side by side, so that both meet the same machine.</summary>
internal static class GrowthBenchmark
{
    private const int VersionsPerTopic = 4;
    private const int Stride = 7_919; // prime to the number of topics of each size
    private const double MostTime = 1.3;

    private static readonly int[] Sizes = [10_000, 200_000, 2_000_000];

    public static async Task RunAsync(BenchmarkServer server, RunOptions options)
    {
        var hosts = new List<IAsyncDisposable>();
        var sdk = new List<Peer>();
        var handWritten = new List<Peer>();
        foreach (var size in Sizes)
        {
            var database = await server.CreateDatabaseAsync();
            await FillAsync(database, size);
            var host = new SdkHost(database);
            var dataSource = NpgsqlDataSource.Create(database);
            hosts.AddRange([host, dataSource]);
            var cache = host.Research;
            sdk.Add(new(Name("SDK, GetFreshAsync", size), async call => Check(await cache.GetFreshAsync(TopicOf(call, size)))));
            handWritten.Add(new(Name("Npgsql, the SDK's statement", size), async call => Check(await SdkSqlLookup.FindAsync(dataSource, TopicOf(call, size)))));
        }

        var result = await new Comparison("Newest fresh row of a topic, rows of 1 KB", callers: 1, [.. sdk, .. handWritten]).RunAsync(options);
        result.Print(Console.Out);
        PrintGrowth(result);
        foreach (var host in hosts)
        {
            await host.DisposeAsync();
        }
    }

    private static string Name(string peer, int size) => string.Create(CultureInfo.InvariantCulture, $"{peer}, {size:N0}");

    private static void PrintGrowth(ComparisonResult result)
    {
        var growth = 1 / result.Peers[Sizes.Length - 1].Ratio;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"  SDK, from {Sizes[0]:N0} to {Sizes[^1]:N0} rows: {growth:N2} times the time  {(growth <= MostTime ? "meets" : "MISSES")} ≤ {MostTime}"));
    }

    private static string TopicOf(int call, int size)
    {
        var topics = size / VersionsPerTopic;
        return string.Create(CultureInfo.InvariantCulture, $"topic {(long)call * Stride % topics}");
    }

    /// <summary>Writes the versions of every topic, as they come in: the older ones of all first.</summary>
    private static async Task FillAsync(string connectionString, int rows)
    {
        var topics = rows / VersionsPerTopic;
        await BenchmarkServer.ExecuteAsync(
            connectionString,
            $"""
            INSERT INTO public.research_cache (topic, content, created_at)
            SELECT 'topic ' || topic, repeat(md5(topic::text), 32), now() - make_interval(days => 3 * age)
            FROM generate_series({VersionsPerTopic - 1}, 0, -1) AS age, generate_series(0, {topics - 1}) AS topic
            """);
        await BenchmarkServer.VacuumAsync(connectionString);
    }

    private static void Check(ResearchEntry? entry)
    {
        if (entry?.Content is not { Length: > 1_000 })
        {
            throw new InvalidOperationException("A peer did not find the topic's newest row.");
        }
    }
}
