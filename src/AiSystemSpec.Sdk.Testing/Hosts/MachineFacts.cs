namespace AiSystemSpec.Sdk.Testing.Hosts;

/// <summary>What tells this machine, its boot and its process namespace from others.</summary>
internal static class MachineFacts
{
    /// <summary>The user counts too: a system may hide one user's processes from another.</summary>
    public static string Machine { get; } = ShortHash.Of($"{Environment.MachineName}/{Environment.UserName}/{ReadOrEmpty("/etc/machine-id")}");

    /// <summary>Constant where the system names no boot: there the start time, a wall clock's, tells.</summary>
    public static string Boot { get; } = ShortHash.Of(ReadOrEmpty("/proc/sys/kernel/random/boot_id"));

    public static string Space { get; } = ReadSpace();

    private static string ReadSpace()
    {
        // "pid:[4026531836]"
        var target = OperatingSystem.IsLinux() ? new FileInfo("/proc/self/ns/pid").LinkTarget : null;
        var digits = string.Concat((target ?? string.Empty).Where(char.IsAsciiDigit));
        return digits.Length == 0 ? "0" : digits;
    }

    private static string ReadOrEmpty(string path) => File.Exists(path) ? File.ReadAllText(path).Trim() : string.Empty;
}
