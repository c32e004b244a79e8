using System.Globalization;

namespace AiSystemSpec.Sdk.Testing.Local;

/// <summary>The settings of a throw-away server.</summary>
internal static class LocalSettings
{
    public static Dictionary<string, string> For(int port, IDictionary<string, string> extra)
    {
        var settings = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
        {
            // A test may kill the server, not the machine: nothing needs to reach the disk, but what was acknowledged is handed to the
            // system. A killed process can leave half a page, so full_page_writes stays on as well.
            ["fsync"] = "off",
            ["synchronous_commit"] = "on",
            ["max_connections"] = "200",

            // In the folder, not in /dev/shm: small in containers, and a killed server's share would stay there.
            ["dynamic_shared_memory_type"] = OperatingSystem.IsWindows() ? "windows" : "mmap",
        };
        foreach (var (name, value) in extra)
        {
            settings[name] = value;
        }

        settings["listen_addresses"] = "127.0.0.1";
        settings["port"] = port.ToString(CultureInfo.InvariantCulture);
        settings["unix_socket_directories"] = string.Empty;
        return settings;
    }
}
