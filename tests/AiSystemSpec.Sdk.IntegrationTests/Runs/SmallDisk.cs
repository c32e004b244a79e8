using System.Diagnostics;
using System.Globalization;

namespace AiSystemSpec.Sdk.IntegrationTests.Runs;

/// <summary>
/// A folder on a file system of its own that is soon full; where mounting is not permitted, a plain folder, and the test limits the spool
/// itself.
/// </summary>
internal sealed class SmallDisk : IDisposable
{
    private readonly SpoolDirectory _directory = new();

    public SmallDisk(int kilobytes) =>
        IsMounted = OperatingSystem.IsLinux() && Run("mount", "-t", "tmpfs", "-o", string.Create(CultureInfo.InvariantCulture, $"size={kilobytes}k"), "tmpfs", _directory.Path);

    public string Path => _directory.Path;

    /// <summary>Whether it is a file system of its own.</summary>
    public bool IsMounted { get; private set; }

    /// <summary>Mounts another file system over a folder.</summary>
    public static bool TryCover(string path) => OperatingSystem.IsLinux() && Run("mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", path);

    /// <summary>Takes a file system away, though files on it are open.</summary>
    public static void Uncover(string path) => _ = Run("umount", "-l", path);

    public void Dispose()
    {
        if (IsMounted)
        {
            Uncover(Path);
            IsMounted = false;
        }

        _directory.Dispose();
    }

    private static bool Run(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true, UseShellExecute = false })!;
            _ = process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false; // no such program
        }
    }
}
