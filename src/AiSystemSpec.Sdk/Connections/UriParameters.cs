using Npgsql;

namespace AiSystemSpec.Sdk.Connections;

/// <summary>The parameters of a URI: libpq's names and values where Npgsql's differ, else Npgsql's own.</summary>
internal static class UriParameters
{
    private const string SystemRoots = "system";

    private static readonly Dictionary<string, string> LibpqNames = new(StringComparer.OrdinalIgnoreCase)
    {
        ["sslmode"] = "SSL Mode",
        ["sslrootcert"] = "Root Certificate",
        ["sslcert"] = "SSL Certificate",
        ["sslkey"] = "SSL Key",
        ["sslpassword"] = "SSL Password",
        ["sslnegotiation"] = "SSL Negotiation",
        ["application_name"] = "Application Name",
        ["connect_timeout"] = "Timeout",
        ["target_session_attrs"] = "Target Session Attributes",
        ["load_balance_hosts"] = "Load Balance Hosts",
        ["channel_binding"] = "Channel Binding",
        ["require_auth"] = "Require Auth",
        ["gssencmode"] = "GSS Encryption Mode",
        ["krbsrvname"] = "Kerberos Service Name",
        ["passfile"] = "Passfile",
        ["options"] = "Options",
        ["client_encoding"] = "Client Encoding",
        ["keepalives_idle"] = "Tcp Keepalive Time",
        ["keepalives_interval"] = "Tcp Keepalive Interval",
        ["user"] = "Username",
        ["password"] = "Password",
        ["dbname"] = "Database",
    };

    public static void Set(NpgsqlConnectionStringBuilder builder, UriHosts hosts, string name, string value)
    {
        switch (name.ToLowerInvariant())
        {
            case "host":
                hosts.SetHosts(value);
                break;
            case "port":
                hosts.SetPorts(value);
                break;
            case "pgbouncer":
                break; // a hint to other clients, handed out by some services; nothing to set here
            case "ssl" when value is "true": // as JDBC writes it, and libpq takes it
                builder.SslMode = SslMode.Require;
                break;
            default:
                SetKeyword(builder, name, value);
                break;
        }
    }

    /// <summary>Settles, when all parameters are known, what depends on several.</summary>
    public static void Complete(NpgsqlConnectionStringBuilder builder)
    {
        if (builder.RootCertificate is not SystemRoots)
        {
            return;
        }

        if (builder.ShouldSerialize("SSL Mode") && builder.SslMode != SslMode.VerifyFull)
        {
            throw new PostgresUriException("sslrootcert=system goes with sslmode=verify-full only. Correct sslmode, or leave it out.");
        }

        (builder.SslMode, builder.RootCertificate) = (SslMode.VerifyFull, null); // the system's roots are what Npgsql asks without a certificate
    }

    private static void SetKeyword(NpgsqlConnectionStringBuilder builder, string name, string value)
    {
        var keyword = LibpqNames.GetValueOrDefault(name, name);
        if (!builder.ContainsKey(keyword))
        {
            throw new PostgresUriException("A parameter is known neither to libpq nor to Npgsql, or has no equal there. Correct it, or leave it out."); // its name may be a piece of a password
        }

        try
        {
            builder[keyword] = Translate(keyword, value);
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException or InvalidCastException or OverflowException)
        {
            throw new PostgresUriException($"The parameter {name} has a value that it cannot have."); // the error may quote the value
        }
    }

    private static string Translate(string keyword, string value) => keyword switch
    {
        "SSL Mode" => value.Replace("-", "", StringComparison.Ordinal), // libpq writes verify-full, Npgsql VerifyFull
        "Load Balance Hosts" when value is "random" => bool.TrueString,
        "Load Balance Hosts" when value is "disable" => bool.FalseString,
        _ => value,
    };
}
