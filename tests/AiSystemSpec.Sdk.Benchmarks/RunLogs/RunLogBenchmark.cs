using AiSystemSpec.Sdk.Benchmarks.Databases;
using AiSystemSpec.Sdk.Benchmarks.Harness;

namespace AiSystemSpec.Sdk.Benchmarks.RunLogs;

/// <summary>What background rows cost the pipeline, and how fast they reach the table.</summary>
internal static class RunLogBenchmark
{
    public static async Task RunAsync(BenchmarkServer server, RunOptions options)
    {
        await EnqueueBenchmark.RunAsync(server, options.Rounds);
        await BackgroundBenchmark.RunAsync(server, options.Rounds);
    }
}
