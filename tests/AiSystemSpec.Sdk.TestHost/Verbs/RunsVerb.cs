using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;

namespace AiSystemSpec.Sdk.TestHost.Verbs;

/// <summary>
/// Hands over rows of one run as fast as it can, with a spool, and says the number of each whose call has returned; then waits to be
/// killed.
/// </summary>
internal static class RunsVerb
{
    public static async Task<int> RunAsync(string[] arguments)
    {
        var (connectionString, spool, run, rows) = (arguments[0], arguments[1], arguments[2], int.Parse(arguments[3], CultureInfo.InvariantCulture));
        var services = new ServiceCollection()
            .AddAiSystemSpec(connectionString, options => options.RunLog.SpoolDirectory = spool)
            .BuildServiceProvider();
        var logger = services.GetRequiredService<IRunLogger>();
        Console.WriteLine("READY");
        for (var number = 1; number <= rows; number++)
        {
            logger.Enqueue(new RunLogEntry(run, "kill", RunStatus.Success)
            {
                Attempts = number,
                InputRefs = new JsonObject { ["text"] = new string('x', number % 300) },
            });
            Console.WriteLine(number.ToString(CultureInfo.InvariantCulture));
        }

        await Task.Delay(Timeout.Infinite);
        return 0;
    }
}
