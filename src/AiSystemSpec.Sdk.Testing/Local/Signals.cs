using System.Runtime.InteropServices;

namespace AiSystemSpec.Sdk.Testing.Local;

/// <summary>Signals to one process, which .NET has no call for.</summary>
internal static class Signals
{
    /// <summary>PostgreSQL's fast shutdown: sessions are ended, everything is written.</summary>
    public const int Interrupt = 2;

    /// <summary>PostgreSQL's immediate shutdown: nothing is written, shared memory and the process file are removed.</summary>
    public const int Quit = 3;

    public static void Send(int processId, int signal) => _ = Kill(processId, signal);

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int processId, int signal);
}
