using System.Diagnostics;
using System.Globalization;
using AiSystemSpec.Sdk.TestHost.Loads;
using Microsoft.Extensions.DependencyInjection;

namespace AiSystemSpec.Sdk.TestHost.Verbs;

/// <summary>
/// A host that reads and writes all the time: <c>load CONNECTION ROWS</c>. It ends with its input. Of its lines, <c>take</c> asks in
/// milliseconds how long the longest read, insert and update of research took since the last time, how many rows were inserted, and how
/// long the longest row of a run log; <c>purge</c> deletes what is older than 30 days, beside all that, and says how many rows in how
/// many batches and milliseconds; <c>stop</c> ends the load.
/// </summary>
internal static class LoadVerb
{
    public static async Task<int> RunAsync(string[] arguments)
    {
        if (arguments is not [var connectionString, var rows])
        {
            return 2;
        }

        await using var services = new ServiceCollection().AddAiSystemSpec(connectionString).BuildServiceProvider();
        await using var load = new HostLoad(
            services.GetRequiredService<IResearchCache>(), services.GetRequiredService<IRunLogger>(), connectionString, int.Parse(rows, CultureInfo.InvariantCulture));
        Console.WriteLine("READY");
        while (await Console.In.ReadLineAsync() is { } line)
        {
            Console.WriteLine(line switch
            {
                "purge" => await PurgeAsync(services.GetRequiredService<IRetention>()),
                "stop" => await StopAsync(load),
                _ => Take(load),
            });
        }

        return 0;
    }

    private static async Task<string> PurgeAsync(IRetention retention)
    {
        var began = Stopwatch.StartNew();
        var result = await retention.PurgeAsync(new RetentionOptions { ResearchAge = TimeSpan.FromDays(30) });
        return string.Create(CultureInfo.InvariantCulture, $"{result.ResearchRows} {result.Batches} {began.ElapsedMilliseconds}");
    }

    private static async Task<string> StopAsync(HostLoad load)
    {
        await load.StopAsync();
        return Take(load);
    }

    private static string Take(HostLoad load)
    {
        var (read, write, change, run) = load.TakeLongest();
        return string.Create(CultureInfo.InvariantCulture, $"{read.TotalMilliseconds:F0} {write.TotalMilliseconds:F0} {change.TotalMilliseconds:F0} {load.Inserted} {run.TotalMilliseconds:F0}");
    }
}
