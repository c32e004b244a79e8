using System.Diagnostics;
using System.Globalization;

namespace AiSystemSpec.Sdk.Runs.Spool;

/// <summary>
/// A process, told from every other: its system as booted and its namespace of process ids (two containers have two), its id, and when it
/// started, since ids are given again.
/// </summary>
internal sealed record WriterProcess(string System, int Id, long Started)
{
    private const string Separator = " ";

    private static readonly Lazy<WriterProcess> Own = new(() => new WriterProcess(FindSystem(), Environment.ProcessId, StartOf(Environment.ProcessId) ?? 0));

    public static WriterProcess Current => Own.Value;

    public static WriterProcess? Parse(string text)
    {
        var parts = text.Split(Separator);
        return parts.Length == 3
            && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            && long.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out var started)
            ? new WriterProcess(parts[0], id, started)
            : null;
    }

    /// <summary>Whether the process lives; null where it is another system's.</summary>
    public bool? IsLiving() => string.Equals(System, Current.System, StringComparison.Ordinal) ? StartOf(Id) == Started : null;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{System}{Separator}{Id}{Separator}{Started}");

    private static string FindSystem()
    {
        var boot = TryRead("/proc/sys/kernel/random/boot_id")?.Trim();
        var space = OperatingSystem.IsLinux() ? new FileInfo("/proc/self/ns/pid").LinkTarget : null;
        return $"{Environment.MachineName}/{boot}/{space}".Replace(Separator, "_", StringComparison.Ordinal);
    }

    private static long? StartOf(int id) => OperatingSystem.IsLinux() ? StartOnLinux(id) : StartElsewhere(id);

    /// <summary>The start in the system's ticks. A process that has ended and was not waited for does not live.</summary>
    private static long? StartOnLinux(int id)
    {
        var text = TryRead(string.Create(CultureInfo.InvariantCulture, $"/proc/{id}/stat"));
        var fields = text?[(text.LastIndexOf(')') + 2)..].Split(' ') ?? []; // the name before may hold anything
        return fields.Length > 19 && fields[0] is not ("Z" or "X") && long.TryParse(fields[19], NumberStyles.None, CultureInfo.InvariantCulture, out var started) ? started : null;
    }

    private static long? StartElsewhere(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            return process.StartTime.ToUniversalTime().Ticks;
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException or global::System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }

    private static string? TryRead(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
