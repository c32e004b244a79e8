using System.Globalization;
using AiSystemSpec.Sdk.Benchmarks.Databases;
using AiSystemSpec.Sdk.Benchmarks.Feeds;
using AiSystemSpec.Sdk.Benchmarks.Growth;
using AiSystemSpec.Sdk.Benchmarks.Harness;
using AiSystemSpec.Sdk.Benchmarks.Lookups;
using AiSystemSpec.Sdk.Benchmarks.ManyTopics;
using AiSystemSpec.Sdk.Benchmarks.RoundTrips;
using AiSystemSpec.Sdk.Benchmarks.RunLogs;
using AiSystemSpec.Sdk.Benchmarks.RunRows;
using AiSystemSpec.Sdk.Benchmarks.Stampedes;
using AiSystemSpec.Sdk.Benchmarks.Stores;
using AiSystemSpec.Sdk.Benchmarks.Transfers;

namespace AiSystemSpec.Sdk.Benchmarks;

/// <summary>The verbs: which benchmarks run, and for how long.</summary>
internal static class CommandLine
{
    private const int UsageError = 2;

    private static readonly Dictionary<string, Func<BenchmarkServer, RunOptions, Task>> Benchmarks = new(StringComparer.Ordinal)
    {
        ["lookup"] = LookupBenchmark.RunAsync,
        ["many"] = ManyTopicsBenchmark.RunAsync,
        ["store"] = StoreBenchmark.RunAsync,
        ["runs"] = RunRowBenchmark.RunAsync,
        ["runlog"] = RunLogBenchmark.RunAsync,
        ["growth"] = GrowthBenchmark.RunAsync,
        ["miss"] = RoundTripBenchmark.RunAsync,
        ["feed"] = FeedBenchmark.RunAsync,
        ["transfer"] = TransferBenchmark.RunAsync,
        ["stampede"] = StampedeBenchmark.RunAsync,
    };

    private static readonly string[] ShortOnes = ["lookup", "many", "store", "runs"];

    private static readonly string Usage =
        $"Usage: [all | {string.Join(" | ", Benchmarks.Keys)}]… [--rounds N] [--slice MILLISECONDS]; without a verb: {string.Join(", ", ShortOnes)}. N is {RunOptions.LeastRounds} at least.";

    public static async Task<int> RunAsync(string[] args)
    {
        if (args is [StampedeChild.Verb, var peer])
        {
            return await StampedeChild.RunAsync(peer);
        }

        if (Read(args) is not var (verbs, options))
        {
            await Console.Error.WriteLineAsync(Usage);
            return UsageError;
        }

        await using var server = await BenchmarkServer.StartAsync();
        Console.WriteLine($"{server.Source}, {Environment.ProcessorCount} cores. {Usage}");
        foreach (var verb in verbs)
        {
            await Benchmarks[verb](server, options);
        }

        return 0;
    }

    private static (IReadOnlyList<string> Verbs, RunOptions Options)? Read(string[] args)
    {
        var verbs = new List<string>();
        var options = RunOptions.Default;
        for (var place = 0; place < args.Length; place++)
        {
            switch (args[place])
            {
                case "all":
                    verbs.AddRange(Benchmarks.Keys);
                    break;
                case var verb when Benchmarks.ContainsKey(verb):
                    verbs.Add(verb);
                    break;
                case "--rounds" when Number(args, ++place) is { } rounds and >= RunOptions.LeastRounds:
                    options = options with { Rounds = rounds };
                    break;
                case "--slice" when Number(args, ++place) is { } milliseconds and > 0:
                    options = options with { Slice = TimeSpan.FromMilliseconds(milliseconds) };
                    break;
                default:
                    return null;
            }
        }

        return (verbs.Count == 0 ? ShortOnes : verbs, options);
    }

    private static int? Number(string[] args, int place) =>
        place < args.Length && int.TryParse(args[place], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
