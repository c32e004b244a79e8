using System.Globalization;
using Npgsql;

namespace AiSystemSpec.Sdk.Connections.Parsing;

/// <summary>Takes the parameters of a URI or of a keyword string, one by one, and makes Npgsql's settings of them.</summary>
internal sealed class LibpqParameters
{
    private const string SystemRoots = "system";
    private const int LongestTimeoutSeconds = 1_024; // Npgsql takes no longer one
    private const int DefaultKeepaliveSeconds = 7_200; // Linux's

    private static readonly string[] SafeTlsVersions = ["", "TLSV1", "TLSV1.1", "TLSV1.2"];

    private readonly NpgsqlConnectionStringBuilder _settings = [];
    private readonly SortedSet<string> _ignored = new(StringComparer.OrdinalIgnoreCase);
    private string? _fallbackName;

    public NpgsqlConnectionStringBuilder Settings => _settings;

    public HostList Hosts { get; set; } = new("");

    /// <summary>Gets or sets what a bare <c>ssl=true</c> asks for: libpq wants the server's TLS, JDBC its certificate, too.</summary>
    public SslMode PlainSsl { get; set; } = SslMode.Require;

    /// <param name="name">Its name.</param>
    /// <param name="value">Its value.</param>
    /// <param name="mayName">Whether the name is one for sure, and not a piece of a password that was not encoded.</param>
    /// <exception cref="ConnectionTextException">It cannot be taken.</exception>
    public void Set(string name, string value, bool mayName)
    {
        if (value.Length == 0)
        {
            return; // as if it were not there
        }

        switch (LibpqNames.Normalize(name))
        {
            case LibpqNames.Host:
                Hosts.SetHosts(value);
                break;
            case LibpqNames.HostAddress:
                Hosts.SetAddresses(value);
                break;
            case LibpqNames.Port:
                Hosts.SetPorts(value);
                break;
            case "ssl":
                _settings.SslMode = value.ToUpperInvariant() is "TRUE" or "1" or "ON" or "YES" ? PlainSsl : TlsValues.ReadMode(name, value);
                break;
            case "sslmode":
                _settings.SslMode = TlsValues.ReadMode(name, value);
                break;
            case "requiressl" when value is "1":
                _settings.SslMode = SslMode.Require;
                break;
            case "sslaccept" when value is "strict": // Prisma's word for it
                _settings.SslMode = SslMode.VerifyFull;
                break;
            case "sslminprotocolversion" when !SafeTlsVersions.Contains(value, StringComparer.OrdinalIgnoreCase): // what .NET speaks is no older
            case "sslcertmode" when value is not ("allow" or "disable"):
                throw Refuse(name);
            case "fallbackapplicationname":
                _fallbackName = value;
                break;
            case "clientencoding" or "encoding" or "charset" when LibpqNames.Normalize(value) is "utf8" or "unicode" or "utf8mb4" or "auto":
                break; // it is UTF-8 in any case
            case "clientencoding" or "encoding" or "charset" or "requiressl" or "sslaccept" or "sslminprotocolversion" or "sslcertmode":
                _ = _ignored.Add(name);
                break;
            default:
                SetKeyword(name, value, mayName);
                break;
        }
    }

    /// <summary>Settles, when all parameters are known, what depends on several.</summary>
    /// <exception cref="ConnectionTextException">They do not go together.</exception>
    public ParsedConnection Complete()
    {
        CompleteTls();
        CompleteKeepalive();
        _settings.ApplicationName ??= _fallbackName;
        Hosts.WriteTo(_settings);
        return new ParsedConnection(_settings, [.. _ignored]);
    }

    private static ConnectionTextException Refuse(string name) =>
        new($"The parameter {name} has no equal in Npgsql, and without it the connection would be another or a less safe one. Leave it out if that is meant.");

    private void CompleteTls()
    {
        if (_settings.RootCertificate is SystemRoots)
        {
            if (_settings.ShouldSerialize("SSL Mode") && _settings.SslMode != SslMode.VerifyFull)
            {
                throw new ConnectionTextException("sslrootcert=system goes with sslmode=verify-full only. Correct sslmode, or leave it out.");
            }

            (_settings.SslMode, _settings.RootCertificate) = (SslMode.VerifyFull, null); // the system's roots are what Npgsql asks without a certificate
        }
        else if (_settings is { RootCertificate.Length: > 0, SslMode: SslMode.Require })
        {
            _settings.SslMode = SslMode.VerifyCA; // libpq checks the server against a root certificate that it is given, Npgsql from verify-ca on
        }
    }

    private void CompleteKeepalive()
    {
        var hasTimes = _settings.TcpKeepAliveTime > 0 || _settings.TcpKeepAliveInterval > 0;
        if (_settings.ShouldSerialize("Tcp Keepalive") && !_settings.TcpKeepAlive)
        {
            (_settings.TcpKeepAliveTime, _settings.TcpKeepAliveInterval) = (0, 0);
        }
        else if (hasTimes)
        {
            _settings.TcpKeepAlive = true;
            _settings.TcpKeepAliveTime = _settings.TcpKeepAliveTime > 0 ? _settings.TcpKeepAliveTime : DefaultKeepaliveSeconds;
        }
    }

    private void SetKeyword(string name, string value, bool mayName)
    {
        if (LibpqNames.IsRefused(name))
        {
            throw Refuse(name);
        }

        if (LibpqNames.IsHint(name, mayName))
        {
            _ = _ignored.Add(name);
            return;
        }

        var keyword = LibpqNames.FindKeyword(name) ?? throw new ConnectionTextException(mayName
            ? $"The parameter {name} is known neither to libpq nor to Npgsql. Correct it, or leave it out."
            : "A parameter is known neither to libpq nor to Npgsql, or has no equal there. Correct it, or leave it out; put a value that holds white space in quotes, and percent-encode special characters in a URI.");
        try
        {
            _settings[keyword] = Translate(keyword, value);
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException or InvalidCastException or OverflowException)
        {
#pragma warning disable MA0054 // The error may quote the value.
            throw new ConnectionTextException($"The parameter {name} has a value that it cannot have.");
#pragma warning restore MA0054
        }
    }

    private static string Translate(string keyword, string value) => keyword switch
    {
        "Load Balance Hosts" when value is "random" => bool.TrueString,
        "Load Balance Hosts" when value is "disable" => bool.FalseString,
        "Tcp Keepalive" when value is "0" or "1" => value is "1" ? bool.TrueString : bool.FalseString,
        "Timeout" or "Tcp Keepalive Time" or "Tcp Keepalive Interval" => // libpq takes zero and less for its default, or for no limit
            Math.Clamp(int.Parse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture), 0, keyword is "Timeout" ? LongestTimeoutSeconds : int.MaxValue).ToString(CultureInfo.InvariantCulture),
        "Channel Binding" or "GSS Encryption Mode" or "SSL Negotiation" when !value.All(char.IsAsciiLetter) => throw new FormatException(), // an enumeration's number
        _ => value,
    };
}
