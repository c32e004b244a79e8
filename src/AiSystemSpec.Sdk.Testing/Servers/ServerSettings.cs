namespace AiSystemSpec.Sdk.Testing.Servers;

/// <summary>The settings of a throw-away server.</summary>
internal static class ServerSettings
{
    /// <summary>Our settings, with the host's in front.</summary>
    public static Dictionary<string, string> With(IDictionary<string, string> extra)
    {
        var settings = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
        {
            // A test may kill the server, not the machine: nothing needs to reach the disk, but what was acknowledged is handed to the
            // system. A killed process can leave half a page, so full_page_writes stays on as well.
            ["fsync"] = "off",
            ["synchronous_commit"] = "on",
            ["full_page_writes"] = "on",
            ["max_connections"] = "200",
        };
        foreach (var (name, value) in extra)
        {
            settings[name] = value;
        }

        return settings;
    }
}
