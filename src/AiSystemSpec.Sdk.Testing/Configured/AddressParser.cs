using System.Globalization;
using Npgsql;

namespace AiSystemSpec.Sdk.Testing.Configured;

/// <summary>Reads libpq's address form, which Npgsql does not: <c>postgresql://user:password@host:port,host2:port2/database?name=value</c>.</summary>
internal static class AddressParser
{
    private static readonly string[] Schemes = ["postgresql://", "postgres://"];

    /// <summary>libpq's parameter names where Npgsql's differ by more than underscores.</summary>
    private static readonly Dictionary<string, string> Keywords = new(StringComparer.OrdinalIgnoreCase)
    {
        ["dbname"] = "Database",
        ["user"] = "Username",
        ["connect_timeout"] = "Timeout",
        ["sslcert"] = "SSL Certificate",
        ["sslkey"] = "SSL Key",
        ["sslpassword"] = "SSL Password",
        ["sslrootcert"] = "Root Certificate",
        ["channel_binding"] = "Channel Binding",
        ["application_name"] = "Application Name",
        ["client_encoding"] = "Client Encoding",
        ["target_session_attrs"] = "Target Session Attributes",
        ["krbsrvname"] = "Kerberos Service Name",
    };

    public static bool IsAddress(string text) => Schemes.Any(scheme => text.StartsWith(scheme, StringComparison.OrdinalIgnoreCase));

    public static NpgsqlConnectionStringBuilder Parse(string text)
    {
        var connection = new NpgsqlConnectionStringBuilder();
        var (address, query) = Cut(text[(text.IndexOf("//", StringComparison.Ordinal) + 2)..], '?');
        var (authority, database) = Cut(address, '/');
        var at = authority.LastIndexOf('@');
        if (at >= 0)
        {
            var (user, password) = Cut(authority[..at], ':');
            connection.Username = Decode(user);
            connection.Password = Decode(password);
        }

        SetHosts(connection, authority[(at + 1)..]);
        connection.Database = Decode(database);
        foreach (var pair in query?.Split('&', StringSplitOptions.RemoveEmptyEntries) ?? [])
        {
            var (name, value) = Cut(pair, '=');
            connection[Keywords.GetValueOrDefault(name, name)] = Translate(name, Decode(value));
        }

        return connection;
    }

    /// <summary>One host has its port beside it; several carry theirs in the list, as Npgsql writes it.</summary>
    private static void SetHosts(NpgsqlConnectionStringBuilder connection, string hosts)
    {
        var single = !hosts.Contains(',', StringComparison.Ordinal);
        var colon = hosts.LastIndexOf(':');
        if (single && colon > hosts.LastIndexOf(']'))
        {
            connection.Port = int.Parse(hosts[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture);
            hosts = hosts[..colon];
        }

        connection.Host = Decode(single ? hosts.Trim('[', ']') : hosts) ?? "localhost";
    }

    /// <summary>Values that libpq spells with a hyphen: <c>verify-full</c>, <c>read-write</c>.</summary>
    private static string? Translate(string name, string? value) =>
        name.Equals("sslmode", StringComparison.OrdinalIgnoreCase) ? value?.Replace("-", string.Empty, StringComparison.Ordinal) : value;

    private static (string Before, string? After) Cut(string text, char separator)
    {
        var index = text.IndexOf(separator, StringComparison.Ordinal);
        return index < 0 ? (text, null) : (text[..index], text[(index + 1)..]);
    }

    private static string? Decode(string? text) => string.IsNullOrEmpty(text) ? null : Uri.UnescapeDataString(text);
}
