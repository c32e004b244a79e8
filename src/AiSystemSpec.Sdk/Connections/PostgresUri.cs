using System.Globalization;
using Npgsql;

namespace AiSystemSpec.Sdk.Connections;

/// <summary>Reads <c>postgresql://</c> URIs as libpq does; Supabase and other services hand them out.</summary>
internal static class PostgresUri
{
    private static readonly Dictionary<string, string> LibpqNames = new(StringComparer.OrdinalIgnoreCase)
    {
        ["sslmode"] = "SSL Mode",
        ["sslrootcert"] = "Root Certificate",
        ["sslcert"] = "SSL Certificate",
        ["sslkey"] = "SSL Key",
        ["application_name"] = "Application Name",
        ["connect_timeout"] = "Timeout",
        ["target_session_attrs"] = "Target Session Attributes",
        ["load_balance_hosts"] = "Load Balance Hosts",
        ["channel_binding"] = "Channel Binding",
        ["gssencmode"] = "GSS Encryption Mode",
        ["passfile"] = "Passfile",
        ["options"] = "Options",
        ["client_encoding"] = "Client Encoding",
        ["keepalives_idle"] = "Tcp Keepalive Time",
        ["keepalives_interval"] = "Tcp Keepalive Interval",
        ["host"] = "Host",
        ["port"] = "Port",
        ["user"] = "Username",
        ["password"] = "Password",
        ["dbname"] = "Database",
    };

    public static bool IsUri(string text) =>
        text.StartsWith("postgresql://", StringComparison.OrdinalIgnoreCase) || text.StartsWith("postgres://", StringComparison.OrdinalIgnoreCase);

    public static NpgsqlConnectionStringBuilder Parse(string uri)
    {
        var builder = new NpgsqlConnectionStringBuilder();
        var rest = uri[(uri.IndexOf("://", StringComparison.Ordinal) + 3)..];
        rest = Cut(rest, '?', out var query);
        rest = Cut(rest, '/', out var database);
        // A password may contain an unescaped '@', so the last one divides.
        if (rest.LastIndexOf('@') is var at and >= 0)
        {
            SetUser(builder, rest[..at]);
            rest = rest[(at + 1)..];
        }

        SetHosts(builder, rest);
        if (!string.IsNullOrEmpty(database))
        {
            builder.Database = Uri.UnescapeDataString(database);
        }

        foreach (var pair in (query ?? "").Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            SetParameter(builder, pair);
        }

        return builder;
    }

    private static string Cut(string text, char separator, out string? tail)
    {
        var at = text.IndexOf(separator, StringComparison.Ordinal);
        tail = at < 0 ? null : text[(at + 1)..];
        return at < 0 ? text : text[..at];
    }

    private static void SetUser(NpgsqlConnectionStringBuilder builder, string userInfo)
    {
        builder.Username = Uri.UnescapeDataString(Cut(userInfo, ':', out var password));
        if (password is not null)
        {
            builder.Password = Uri.UnescapeDataString(password);
        }
    }

    private static void SetHosts(NpgsqlConnectionStringBuilder builder, string hosts)
    {
        if (hosts.Length == 0)
        {
            return;
        }

        // Npgsql takes several hosts in the same form, each with its port: a:5432,b:5432.
        if (!hosts.Contains(',') && TryCutPort(hosts, out var host, out var port))
        {
            builder.Host = Uri.UnescapeDataString(host);
            builder.Port = port;
            return;
        }

        builder.Host = Uri.UnescapeDataString(hosts);
    }

    private static bool TryCutPort(string text, out string host, out int port)
    {
        host = text;
        port = 0;
        var colon = text.LastIndexOf(':');
        if (colon < 0 || text.EndsWith(']'))
        {
            host = text.Trim('[', ']');
            port = NpgsqlConnection.DefaultPort;
            return true;
        }

        host = text[..colon].Trim('[', ']');
        return int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out port);
    }

    private static void SetParameter(NpgsqlConnectionStringBuilder builder, string pair)
    {
        var name = Uri.UnescapeDataString(Cut(pair, '=', out var value));
        if (string.Equals(name, "pgbouncer", StringComparison.OrdinalIgnoreCase))
        {
            return; // a hint to other clients, handed out by some services; nothing to set here
        }

        var keyword = LibpqNames.GetValueOrDefault(name, name);
        var text = Uri.UnescapeDataString(value ?? "").Replace("-", "", StringComparison.Ordinal);
        builder[keyword] = keyword is "SSL Mode" or "GSS Encryption Mode" or "Channel Binding"
            ? text // libpq writes verify-full, Npgsql VerifyFull
            : Uri.UnescapeDataString(value ?? "");
    }
}
