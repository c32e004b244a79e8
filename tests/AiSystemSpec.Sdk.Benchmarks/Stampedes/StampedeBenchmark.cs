using System.Globalization;
using AiSystemSpec.Sdk.Benchmarks.Databases;
using AiSystemSpec.Sdk.Benchmarks.Harness;

namespace AiSystemSpec.Sdk.Benchmarks.Stampedes;

/// <summary>
/// A thousand callers in four processes ask for one cold topic at the same time, over one table: how often is it researched?
/// </summary>
internal static class StampedeBenchmark
{
    private const int Processes = 4;
    private const int Rounds = 3;

    public static async Task RunAsync(BenchmarkServer server, RunOptions options)
    {
        _ = options; // a stampede is counted, not timed
        var database = await server.CreateDatabaseAsync();
        Console.WriteLine();
        Console.WriteLine($"One cold topic, {Processes} processes of {StampedeChild.Callers} callers each, a load takes 2 s ({Rounds} rounds)");
        Console.WriteLine($"  {"",-34}{"loads",20}{"slowest process, ms",26}");
        foreach (var peer in StampedePeers.All.Keys)
        {
            var loads = new List<int>();
            var times = new List<int>();
            for (var round = 0; round < Rounds; round++)
            {
                var results = await StampedeAsync(database, peer, string.Create(CultureInfo.InvariantCulture, $"{peer}, round {round}"));
                loads.Add(results.Sum(result => result.Loads));
                times.Add(results.Max(result => result.Milliseconds));
            }

            Console.WriteLine($"  {peer,-34}{Join(loads),20}{Join(times),26}");
        }
    }

    private static async Task<(int Loads, int Answers, int Milliseconds)[]> StampedeAsync(string database, string peer, string topic)
    {
        var children = await Task.WhenAll(Enumerable.Range(0, Processes).Select(_ => ChildProcess.StartAsync(peer, database)));
        await Task.WhenAll(children.Select(child => child.GoAsync(topic)));
        var results = await Task.WhenAll(children.Select(child => child.EndAsync()));
        Array.ForEach(children, child => child.Dispose());
        return results.All(result => result.Answers == 1) ? results : throw new InvalidOperationException($"Callers of {peer} got different answers.");
    }

    private static string Join(IEnumerable<int> figures) =>
        string.Join(", ", figures.Select(figure => figure.ToString(CultureInfo.InvariantCulture)));
}
