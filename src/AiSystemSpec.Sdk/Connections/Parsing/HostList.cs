using System.Globalization;
using Npgsql;

namespace AiSystemSpec.Sdk.Connections.Parsing;

/// <summary>
/// The hosts, each with its port: <c>a:5432,[::1]:5433</c> in a URI, or from the parameters <c>host</c>, <c>hostaddr</c> and <c>port</c>.
/// </summary>
internal sealed class HostList
{
    private string[] _hosts;
    private int[] _ports;
    private string[]? _addresses;

    /// <param name="authority">What stands between user and path.</param>
    public HostList(string authority)
    {
        var parts = authority.Length == 0 ? [] : Array.ConvertAll(authority.Split(','), Split);
        _hosts = Array.ConvertAll(parts, part => part.Host);
        _ports = Array.ConvertAll(parts, part => part.Port);
    }

    /// <summary>Takes the parameter <c>host</c>, which has the last word.</summary>
    public void SetHosts(string list)
    {
        _hosts = list.Split(',');
        _ports = _ports.Length == _hosts.Length ? _ports : [];
    }

    /// <summary>Takes the parameter <c>hostaddr</c>: where to connect to, whatever the hosts are called.</summary>
    public void SetAddresses(string list) => _addresses = list.Split(',');

    /// <summary>Takes the parameter <c>port</c>: one for all hosts, or one for each.</summary>
    public void SetPorts(string list) => _ports = Array.ConvertAll(list.Split(','), ReadPort);

    public void WriteTo(NpgsqlConnectionStringBuilder builder)
    {
        if (_addresses is not null)
        {
            if (_hosts.Length > 0 && builder.SslMode == SslMode.VerifyFull)
            {
                throw new ConnectionTextException("hostaddr beside host has no equal in Npgsql where sslmode=verify-full checks the host's name. Leave hostaddr out.");
            }

            SetHosts(string.Join(',', _addresses));
        }

        if (_hosts.Length == 0)
        {
            return; // said by who knows both forms
        }

        if (_ports.Length is not 0 and not 1 && _ports.Length != _hosts.Length)
        {
            throw new ConnectionTextException("There are neither as many ports as hosts nor one for all.");
        }

        if (_hosts.Length == 1)
        {
            (builder.Host, builder.Port) = (_hosts[0], PortOf(0));
            return;
        }

        builder.Host = string.Join(',', _hosts.Select(Write));
    }

    private static (string Host, int Port) Split(string part)
    {
        var end = part.IndexOf(']', StringComparison.Ordinal);
        if (part.StartsWith('['))
        {
            return end > 1 && (end == part.Length - 1 || part[end + 1] == ':')
                ? (PostgresUri.Decode(part[1..end]), ReadPort(end == part.Length - 1 ? "" : part[(end + 2)..]))
                : throw new ConnectionTextException("An IPv6 address is not in brackets. Write it as [::1]:5432.");
        }

        var host = PostgresUri.Decode(PostgresUri.Cut(part, ':', out var port));
        return host.Length > 0 ? (host, ReadPort(port ?? "")) : throw new ConnectionTextException("A host has no name. Write an IPv6 address in brackets: [::1]:5432.");
    }

    private static int ReadPort(string text) => text.Length == 0 ? NpgsqlConnection.DefaultPort : PostgresUri.ReadPort(text);

    private int PortOf(int host) => _ports.Length == 0 ? NpgsqlConnection.DefaultPort : _ports[_ports.Length == 1 ? 0 : host];

    // Npgsql reads a folder of sockets in a list without a port only.
    private string Write(string host, int index) => host.StartsWith('/')
        ? host
        : string.Create(CultureInfo.InvariantCulture, $"{(host.Contains(':', StringComparison.Ordinal) ? $"[{host}]" : host)}:{PortOf(index)}");
}
