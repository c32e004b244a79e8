using System.Globalization;
using Microsoft.Extensions.DependencyInjection;

namespace AiSystemSpec.Sdk.TestHost.Verbs;

/// <summary>
/// A host with a spool: <c>spool CONNECTION DIRECTORY RUN ROWS [wait]</c>. It hands over its rows, flushes, and says what became of them:
/// written, spooled, waiting in memory, set aside, lost. With <c>wait</c> it then waits to be killed, and flushes again for each line it
/// is given; else it ends in order.
/// </summary>
internal static class SpoolVerb
{
    public static async Task<int> RunAsync(string[] arguments)
    {
        if (arguments is not [var connectionString, var directory, var run, var rows, .. var rest])
        {
            return 2;
        }

        await using var services = new ServiceCollection()
            .AddAiSystemSpec(connectionString, options => options.RunLog.SpoolDirectory = directory)
            .BuildServiceProvider();
        var logger = services.GetRequiredService<IRunLogger>();
        for (var number = 1; number <= int.Parse(rows, CultureInfo.InvariantCulture); number++)
        {
            logger.Enqueue(new RunLogEntry(run, "own", RunStatus.Success) { Attempts = number });
        }

        Console.WriteLine("READY");
        do
        {
            var flushed = await logger.FlushAsync();
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{flushed.Written} {flushed.Spooled} {flushed.Waiting} {flushed.SetAside} {flushed.Lost}"));
        }
        while (rest is ["wait"] && await Console.In.ReadLineAsync() is not null);
        return 0;
    }
}
