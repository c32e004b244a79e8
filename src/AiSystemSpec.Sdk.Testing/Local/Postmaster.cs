using System.Diagnostics;

namespace AiSystemSpec.Sdk.Testing.Local;

/// <summary>One run of the server program, a direct child of this process.</summary>
internal sealed class Postmaster : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan EndTimeout = TimeSpan.FromSeconds(10);

    private readonly Process _process;
    private readonly ServerLog _log;
    private readonly PostmasterFile _file;

    private Postmaster(Process process, string data)
    {
        _process = process;
        _process.StandardInput.Close();
        _log = new ServerLog(process.StandardError);
        _file = new PostmasterFile(data);
    }

    public static Postmaster Start(
        ServerBinaries binaries, ServerUser user, string data, IEnumerable<KeyValuePair<string, string>> settings)
    {
        IEnumerable<string> arguments = ["-D", data, .. settings.SelectMany(static setting => (string[])["-c", setting.Key + "=" + setting.Value])];
        var start = user.Start(binaries.Postgres, arguments, ownSession: true);
        ChildProcess.Quiet(start);
        return new Postmaster(Process.Start(start)!, data);
    }

    /// <summary>Waits until the server takes connections; the log's end when it ended instead.</summary>
    public async Task<string?> WaitUntilReadyAsync(TimeProvider time, CancellationToken cancellationToken)
    {
        while (!_file.SaysReady(_process.Id))
        {
            if (_process.HasExited)
            {
                return _log.ReadToEnd();
            }

            await Task.Delay(Pause, time, cancellationToken).ConfigureAwait(false);
        }

        return null;
    }

    /// <summary>Ends the server in order: its fast shutdown when the data live on, else the immediate one.</summary>
    public async Task StopAsync(ServerBinaries binaries, bool keepData, CancellationToken cancellationToken)
    {
        if (_process.HasExited)
        {
            return;
        }

        if (OperatingSystem.IsWindows())
        {
            var mode = keepData ? "fast" : "immediate";
            _ = await ChildProcess.RunAsync(new ProcessStartInfo(binaries.PgCtl, ["stop", "-D", _file.Data, "-m", mode]), cancellationToken).ConfigureAwait(false);
        }
        else
        {
            Signals.Send(_process.Id, keepData ? Signals.Interrupt : Signals.Quit);
        }

        if (!await EndsAsync(cancellationToken).ConfigureAwait(false))
        {
            await CrashAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Ends the server and its sessions as a crash would: none of them can do anything more.</summary>
    public async Task CrashAsync(CancellationToken cancellationToken)
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            _ = await EndsAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>The same without waiting for a task, for a process that ends.</summary>
    public void EndNow()
    {
        if (!OperatingSystem.IsWindows())
        {
            Signals.Send(_process.Id, Signals.Quit);
            _ = _process.WaitForExit(TimeSpan.FromSeconds(2));
        }

        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            _ = _process.WaitForExit(TimeSpan.FromSeconds(2));
        }
    }

    public void Dispose() => _process.Dispose();

    private async Task<bool> EndsAsync(CancellationToken cancellationToken)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(EndTimeout);
        try
        {
            await _process.WaitForExitAsync(timeout.Token).ConfigureAwait(false);
            return true;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }
}
