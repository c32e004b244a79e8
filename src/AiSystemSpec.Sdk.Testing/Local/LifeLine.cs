using System.Diagnostics;

namespace AiSystemSpec.Sdk.Testing.Local;

/// <summary>A shell that waits for this process to end, however it ends, and then ends the server and removes its folder.</summary>
/// <remarks>
/// It reads from a pipe that only this process holds: at Ctrl-C, at a kill, in a crash the system closes it. The kernel's own signal
/// at a parent's death (<c>setpriv --pdeathsig</c>) would come when the thread that started the server ends, and threads of the pool do.
/// Where there is no shell, or it is killed as well, the next start does the same (<see cref="AbandonedServers"/>).
/// </remarks>
internal sealed class LifeLine : IDisposable
{
    private const string Shell = "/bin/sh";

    /// <summary>$0 is the server's folder. The process is ended only when it is really that folder's server.</summary>
    private const string Script = """
        trap '' INT TERM HUP QUIT
        cat
        id=$(head -n 1 "$0/data/postmaster.pid")
        if [ -n "$id" ] && { cat "/proc/$id/cmdline" || ps -p "$id" -o args=; } | grep -qF "$0/data"; then
          kill -QUIT "$id"
          for _ in 1 2 3 4 5 6 7 8 9 10; do [ -e "$0/data/postmaster.pid" ] || break; sleep 0.2; done
        fi
        rm -rf "$0"
        """;

    private static readonly TimeSpan EndTimeout = TimeSpan.FromSeconds(5);
    private readonly Process _shell;

    private LifeLine(Process shell) => _shell = shell;

    /// <summary>Null where there is no shell.</summary>
    public static LifeLine? Hold(string folder)
    {
        if (OperatingSystem.IsWindows() || !File.Exists(Shell))
        {
            return null;
        }

        var start = new ProcessStartInfo(Shell, ["-c", "{ " + Script + "\n} >/dev/null 2>&1", folder]);
        ChildProcess.Quiet(start);
        return new LifeLine(Process.Start(start)!);
    }

    /// <summary>Lets go, of a server that has ended.</summary>
    public void Dispose()
    {
        _shell.StandardInput.Close();
        _ = _shell.WaitForExit(EndTimeout);
        _shell.Dispose();
    }
}
