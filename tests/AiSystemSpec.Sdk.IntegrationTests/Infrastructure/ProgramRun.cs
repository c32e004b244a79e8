using System.Diagnostics;

namespace AiSystemSpec.Sdk.IntegrationTests.Infrastructure;

/// <summary>One call of another program, to its end.</summary>
internal sealed record ProgramRun(int Code, string Out, string Error)
{
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(10); // publishing a native program beside other work

    /// <summary>Everything it said, for the message of a failed test.</summary>
    public string Said => $"exit code {Code}\n{Out}\n{Error}";

    /// <param name="folder">Where it runs.</param>
    /// <param name="program">Its name on the PATH, or its path.</param>
    /// <param name="arguments">What it is given.</param>
    public static async Task<ProgramRun> OfAsync(string folder, string program, params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var inherited in start.Environment.Keys.Where(name => name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)).ToList())
        {
            _ = start.Environment.Remove(inherited); // the test runner's own, which would point dotnet at the wrong tools
        }

        start.Environment["MSBUILDDISABLENODEREUSE"] = "1"; // no build server outlives the test
        start.Environment["SUPABASE_TELEMETRY_DISABLED"] = "1";
        using var process = Process.Start(start)!;
        using var timeout = new CancellationTokenSource(Timeout);
        var output = process.StandardOutput.ReadToEndAsync(timeout.Token);
        var error = process.StandardError.ReadToEndAsync(timeout.Token);
        try
        {
            await process.WaitForExitAsync(timeout.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }

        return new ProgramRun(process.ExitCode, await output, await error);
    }
}
