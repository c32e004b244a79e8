using System.Diagnostics;
using System.Globalization;
using AiSystemSpec.Sdk.Testing.Hosts;

namespace AiSystemSpec.Sdk.Testing.Local;

/// <summary>Removes what killed hosts left: their servers and their folders.</summary>
internal static class AbandonedServers
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);
    private const int PausesUntilKill = 300;

    public static async Task RemoveAsync(ServerFolders folders, TimeProvider time, CancellationToken cancellationToken)
    {
        foreach (var folder in folders.Abandoned().ToList())
        {
            await EndServerAsync(new PostmasterFile(Path.Combine(folder, "data")), time, cancellationToken).ConfigureAwait(false);
            try
            {
                ServerFolders.Remove(folder);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // Another start is at it, or a file is still held: the next start tries again. It is no reason not to start.
            }
        }
    }

    private static async Task EndServerAsync(PostmasterFile file, TimeProvider time, CancellationToken cancellationToken)
    {
        if (file.ProcessId is not { } id || !IsServerOf(id, file.Data))
        {
            return;
        }

        if (!OperatingSystem.IsWindows())
        {
            Signals.Send(id, Signals.Quit);
            for (var pause = 0; pause < PausesUntilKill && ProcessClock.StartOf(id) is not null; pause++)
            {
                await Task.Delay(Pause, time, cancellationToken).ConfigureAwait(false);
            }
        }

        if (IsServerOf(id, file.Data))
        {
            Kill(id);
        }
    }

    /// <summary>Whether the process is really the server of that folder: the number may belong to another by now.</summary>
    private static bool IsServerOf(int id, string data)
    {
        if (OperatingSystem.IsLinux())
        {
            return Words(id).Contains(data, StringComparer.Ordinal);
        }

        try
        {
            // Elsewhere another process' command line is not to be had. A server that runs writes its file when it starts.
            using var process = Process.GetProcessById(id);
            var written = File.GetCreationTimeUtc(Path.Combine(data, "postmaster.pid"));
            return process.ProcessName is "postgres" && (written - process.StartTime.ToUniversalTime()).Duration() < TimeSpan.FromSeconds(30);
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }

    private static string[] Words(int id)
    {
        try
        {
            return File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{id}/cmdline")).Split('\0');
        }
        catch (IOException)
        {
            return [];
        }
    }

    private static void Kill(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            process.Kill(entireProcessTree: true);
            _ = process.WaitForExit(TimeSpan.FromSeconds(5));
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException)
        {
            // It ended by itself.
        }
    }
}
