using System.Diagnostics;

namespace AiSystemSpec.Sdk.IntegrationTests.Cli;

/// <summary>The tool as a process of its own, for what only a process has: environment variables that the driver reads.</summary>
internal static class AispecProcess
{
    private static readonly TimeSpan EndTimeout = TimeSpan.FromMinutes(2);

    /// <param name="environment">Variables to set; those of PostgreSQL's clients are not inherited.</param>
    /// <param name="arguments">The command and its arguments.</param>
    public static async Task<CliRun> RunAsync(IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "aispec.dll"), .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("PG", StringComparison.Ordinal)).ToList())
        {
            _ = start.Environment.Remove(name);
        }

        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync().WaitAsync(EndTimeout);
        return new CliRun(process.ExitCode, await output, await error);
    }
}
