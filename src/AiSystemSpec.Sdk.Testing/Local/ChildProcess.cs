using System.Diagnostics;

namespace AiSystemSpec.Sdk.Testing.Local;

/// <summary>Runs a short program to its end.</summary>
internal static class ChildProcess
{
    /// <summary>What it wrote; an exception with its errors when it failed.</summary>
    public static async Task<string> RunAsync(ProcessStartInfo start, CancellationToken cancellationToken)
    {
        Quiet(start);
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
            var errors = process.StandardError.ReadToEndAsync(cancellationToken);
            await process.WaitForExitAsync(cancellationToken).ConfigureAwait(false);
            return process.ExitCode == 0
                ? await output.ConfigureAwait(false)
                : throw new InvalidOperationException(
                    $"{Path.GetFileName(start.FileName)} ended with code {process.ExitCode}: {(await errors.ConfigureAwait(false)).Trim()}");
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }

    /// <summary>
    /// Nothing of the child reaches the host's console, and nothing of the host's environment changes what the child does.
    /// </summary>
    public static void Quiet(ProcessStartInfo start)
    {
        start.UseShellExecute = false;
        start.CreateNoWindow = true;
        start.RedirectStandardInput = true;
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        start.WorkingDirectory = Path.GetPathRoot(Path.GetTempPath());   // one that the unprivileged user may enter
        foreach (var name in start.Environment.Keys.Where(static name => name.StartsWith("PG", StringComparison.Ordinal)).ToList())
        {
            _ = start.Environment.Remove(name);
        }

        start.Environment["LC_ALL"] = "C";   // messages in English; and macOS' server does not start threads for a locale
    }
}
