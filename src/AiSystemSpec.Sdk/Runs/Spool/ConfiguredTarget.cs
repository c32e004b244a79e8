using Npgsql;

namespace AiSystemSpec.Sdk.Runs.Spool;

/// <summary>The configured target as one text, in the form of a URI: equal texts are equal targets.</summary>
internal static class ConfiguredTarget
{
    private const string LocalHost = "localhost";

    /// <summary>Hosts in any order are one target; the registration tells two services of one process apart.</summary>
    public static string Of(string connectionString, string registration)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString);
        var hosts = (string.IsNullOrWhiteSpace(settings.Host) ? LocalHost : settings.Host)
            .Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(host => WithPort(host, settings.Port))
            .Order(StringComparer.Ordinal);
        var user = settings.Username ?? "";
        var text = $"postgresql://{Uri.EscapeDataString(user)}@{string.Join(',', hosts)}/{Uri.EscapeDataString(settings.Database ?? user)}";
        return registration.Length == 0 ? text : $"{text}?registration={Uri.EscapeDataString(registration)}";
    }

    private static string WithPort(string host, int port)
    {
        var isPath = host.StartsWith('/') || host.StartsWith('@');
        var colon = isPath || host.EndsWith(']') || host.IndexOf(':', StringComparison.Ordinal) != host.LastIndexOf(':')
            ? host.LastIndexOf("]:", StringComparison.Ordinal) + 1
            : host.IndexOf(':', StringComparison.Ordinal);
        return colon > 0 ? host.ToLowerInvariant() : isPath ? $"{Uri.EscapeDataString(host)}:{port}" : $"{host.ToLowerInvariant()}:{port}";
    }
}
