using System.Text.Json.Nodes;
using System.Threading.Channels;
using AiSystemSpec.Sdk.Benchmarks.Databases;
using Microsoft.Extensions.DependencyInjection;

namespace AiSystemSpec.Sdk.Benchmarks.RunLogs;

/// <summary>The call alone, on the pipeline's thread. The background writer is at work meanwhile, and drained between slices.</summary>
internal static class EnqueueBenchmark
{
    private const int Calls = 20_000;

    public static async Task RunAsync(BenchmarkServer server, int rounds)
    {
        var spool = Directory.CreateTempSubdirectory("aispec-bench-");
        await using var plain = Host(await server.CreateDatabaseAsync(), spool: null);
        await using var spooled = Host(await server.CreateDatabaseAsync(), spool.FullName);
        var metrics = new StageMetrics { LatencyMs = 1_840, Tokens = 2_310, CacheHit = false };
        var small = new RunLogEntry("run-1", "research", RunStatus.Success) { Metrics = metrics };
        var large = small with { OutputRefs = new JsonObject { ["text"] = Topics.Text(new Random(1))[..1_000] } };
        await new Turns("Enqueue, three metrics and no refs, no spool", Calls, [ChannelPeer(small), Sdk("SDK, Enqueue", plain, small)]).RunAsync(rounds);
        await new Turns("Enqueue, 1 KB of refs, no spool", Calls, [ChannelPeer(large), Sdk("SDK, Enqueue", plain, large)]).RunAsync(rounds);
        await new Turns("Enqueue with the spool, three metrics and no refs", Calls, [Append(spool, 150), Sdk("SDK, Enqueue", spooled, small)]).RunAsync(rounds);
        await new Turns("Enqueue with the spool, 1 KB of refs", Calls, [Append(spool, 1_150), Sdk("SDK, Enqueue", spooled, large)]).RunAsync(rounds);
        await spooled.DisposeAsync();
        spool.Delete(recursive: true);
    }

    private static (string Name, Func<int, Task> Slice, Func<Task> After) ChannelPeer(RunLogEntry entry)
    {
        var channel = Channel.CreateBounded<(Guid, RunLogEntry)>(Calls);
        return (
            "Channel.TryWrite + Guid.CreateVersion7",
            calls =>
            {
                for (var call = 0; call < calls; call++)
                {
                    _ = channel.Writer.TryWrite((Guid.CreateVersion7(), entry));
                }

                return Task.CompletedTask;
            },
            () =>
            {
                while (channel.Reader.TryRead(out _))
                {
                }

                return Task.CompletedTask;
            }
        );
    }

    private static (string Name, Func<int, Task> Slice, Func<Task> After) Append(DirectoryInfo folder, int bytes)
    {
        var record = new byte[bytes];
        return (
            $"plain append of {bytes} bytes to a file",
            calls =>
            {
                using var file = new FileStream(Path.Combine(folder.FullName, "plain"), FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
                for (var call = 0; call < calls; call++)
                {
                    file.Write(record);
                }

                return Task.CompletedTask;
            },
            () => Task.CompletedTask);
    }

    private static (string Name, Func<int, Task> Slice, Func<Task> After) Sdk(string name, ServiceProvider host, RunLogEntry entry)
    {
        var logger = host.GetRequiredService<IRunLogger>();
        return (
            name,
            calls =>
            {
                for (var call = 0; call < calls; call++)
                {
                    logger.Enqueue(entry);
                }

                return Task.CompletedTask;
            },
            async () => Check(await logger.FlushAsync()));
    }

    private static ServiceProvider Host(string connectionString, string? spool) => new ServiceCollection()
        .AddAiSystemSpec(connectionString, options =>
        {
            options.RunLog.QueueCapacity = 2 * Calls;
            options.RunLog.SpoolDirectory = spool;
        })
        .BuildServiceProvider();

    private static void Check(FlushResult flushed)
    {
        if (flushed.Lost > 0)
        {
            throw new InvalidOperationException("Rows were lost: what was measured is not the work.");
        }
    }
}
