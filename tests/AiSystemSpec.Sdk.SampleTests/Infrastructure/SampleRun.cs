using System.Diagnostics;

namespace AiSystemSpec.Sdk.SampleTests.Infrastructure;

/// <summary>One run of a sample as a process of its own, with its output in pipes.</summary>
internal sealed record SampleRun(int ExitCode, string Output, string Error)
{
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(2);

    public static Task<SampleRun> OfPipelineAsync(params string[] arguments) =>
        StartAsync("ContentPipeline", arguments, new Dictionary<string, string>(StringComparer.Ordinal));

    public static async Task<SampleRun> StartAsync(
        string sample, IEnumerable<string> arguments, IReadOnlyDictionary<string, string> environment)
    {
        using var process = Process.Start(ToStartInfo(sample, arguments, environment))!;
        using var timeout = new CancellationTokenSource(Timeout);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(timeout.Token);
            var error = process.StandardError.ReadToEndAsync(timeout.Token);
            await process.WaitForExitAsync(timeout.Token);
            return new SampleRun(process.ExitCode, await output, await error);
        }
        catch (OperationCanceledException exception)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{sample} did not end within {Timeout}.", exception);
        }
    }

    private static ProcessStartInfo ToStartInfo(
        string sample, IEnumerable<string> arguments, IReadOnlyDictionary<string, string> environment)
    {
        var start = new ProcessStartInfo("dotnet", [Repository.ProgramOf("samples", sample), .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        foreach (var name in (string[])["OPENAI_BASE_URL", "OPENAI_API_KEY", "OPENAI_MODEL"])
        {
            _ = start.Environment.Remove(name);
        }

        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return start;
    }
}
