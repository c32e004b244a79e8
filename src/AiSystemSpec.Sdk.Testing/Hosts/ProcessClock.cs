using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace AiSystemSpec.Sdk.Testing.Hosts;

/// <summary>When a process started, in a unit that is the same for every reader.</summary>
internal static class ProcessClock
{
    /// <summary>The start of a live process; null when there is none, or only one that waits to be reaped.</summary>
    public static long? StartOf(int id) => OperatingSystem.IsLinux() ? StartOnLinux(id) : StartElsewhere(id);

    /// <remarks>
    /// The kernel's ticks since boot. <see cref="Process.StartTime"/> adds the wall clock's idea of the boot, which moves when the
    /// clock is set: two readers would differ.
    /// </remarks>
    private static long? StartOnLinux(int id)
    {
        try
        {
            var stat = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{id}/stat"));
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');   // the name in brackets may hold anything
            return fields[0] is "Z" or "X" ? null : long.Parse(fields[19], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static long? StartElsewhere(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            return process.HasExited ? null : process.StartTime.ToUniversalTime().Ticks / TimeSpan.TicksPerSecond;
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException or Win32Exception)
        {
            return null;   // none, gone meanwhile, or another user's: not a process of ours in any case
        }
    }
}
