using System.Globalization;
using System.Net;
using AiSystemSpec.Sdk.Connections.Parsing;
using Npgsql;

namespace AiSystemSpec.Sdk.Connections.Settings;

/// <summary>The one place that decides what a connection string needs.</summary>
internal static class ConnectionString
{
    /// <summary>Supabase's pooler in transaction mode.</summary>
    private const int TransactionPort = 6543;

    // A host that drops packets holds up whoever tries it for the first, and is tried again after the second. A promoted standby is
    // found sooner all the same.
    private const int FailoverTimeoutSeconds = 5;
    private const int FailoverRecheckSeconds = 60;

    /// <summary>What a right one looks like.</summary>
    public const string Example = "Host=db.example.org;Username=app;Password=…;Database=app";

    private const string Utf8 = "UTF8";

    /// <summary>
    /// Reads Npgsql's form, libpq's, or a <c>postgresql://</c> URI, and adds what is needed where the string does not say.
    /// </summary>
    /// <exception cref="ArgumentException">The string cannot be read. The message never contains any of it.</exception>
    public static NpgsqlConnectionStringBuilder Parse(string text, string argumentName) => Parse(text, argumentName, out _);

    /// <inheritdoc cref="Parse(string, string)"/>
    /// <param name="text">The string.</param>
    /// <param name="argumentName">Where it comes from.</param>
    /// <param name="ignored">The names of parameters that mean something to other clients only.</param>
    public static NpgsqlConnectionStringBuilder Parse(string text, string argumentName, out IReadOnlyList<string> ignored)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            ArgumentNullException.ThrowIfNull(text, argumentName);
            throw new ArgumentException($"The connection string is blank. Set it, such as to {Example}.", argumentName);
        }

        var (builder, others) = Read(text, argumentName);
        ignored = others;
        if (string.IsNullOrWhiteSpace(builder.Host))
        {
            throw new ArgumentException($"The connection string names no host. Add Host=…, as in {Example}, or give a postgresql:// URI.", argumentName);
        }

        // PGCLIENTENCODING and the string may ask for another one: the server would take UTF-8, which is what is sent, for it.
        (builder.ClientEncoding, builder.Encoding) = (Utf8, Utf8);
        SessionName.SetDefault(builder);

        // The services take no part in a caller's transaction, an ambient one included.
        builder.Enlist = false;
        // Locks are held by transactions that span statements: multiplexed, other callers' statements would run, and be taken back,
        // inside them.
        builder.Multiplexing = false;
        // Of several hosts the one that takes writes is used, whatever the string says; and of one alone Npgsql takes no such wish.
        builder.TargetSessionAttributes = null;
        if (!builder.ShouldSerialize("No Reset On Close"))
        {
            // The reset goes out in front of the next user's first message. A pooler in transaction mode takes its answer for the end of
            // that message too, and sends the rest of a long one to another server. The services leave nothing to reset.
            builder.NoResetOnClose = true;
        }

        if (HasSeveralHosts(builder))
        {
            builder.Timeout = builder.ShouldSerialize("Timeout") ? builder.Timeout : FailoverTimeoutSeconds;
            builder.HostRecheckSeconds = builder.ShouldSerialize("Host Recheck Seconds") ? builder.HostRecheckSeconds : FailoverRecheckSeconds;
        }

        var hosts = HostsOf(builder);
        if (hosts.Any(host => IsSupabase(host.Name)))
        {
            builder.SslMode = builder.SslMode < SslMode.Require ? SslMode.Require : builder.SslMode;
            builder.GssEncryptionMode = GssEncryptionMode.Disable;
            // Behind a pooler in transaction mode most statements that were prepared are not there the next time.
            builder.MaxAutoPrepare = hosts.Any(host => IsTransactionPort(host.Port)) ? 0 : builder.MaxAutoPrepare;
        }

        return builder;
    }

    /// <summary>Whether Npgsql takes the host for a list, of which <c>a,</c> is one too.</summary>
    public static bool HasSeveralHosts(NpgsqlConnectionStringBuilder builder) =>
        builder.Host?.Contains(',', StringComparison.Ordinal) == true;

    /// <summary>The hosts, each with the port that is its own or that stands for all.</summary>
    public static IReadOnlyList<(string Name, int Port)> HostsOf(NpgsqlConnectionStringBuilder builder) =>
        Array.ConvertAll((builder.Host ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries), host => Split(host, builder.Port));

    public static bool IsSupabase(string host) =>
        host.EndsWith(".supabase.co", StringComparison.OrdinalIgnoreCase) || host.EndsWith(".supabase.com", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether a pooler at this port is likely to be in transaction mode: no proof.</summary>
    public static bool IsTransactionPort(int port) => port == TransactionPort;

    public static bool IsLoopback(string host) =>
        host.StartsWith('/') || string.Equals(host, "localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));

    private static (string Name, int Port) Split(string host, int portOfAll)
    {
        var end = host.StartsWith('[') ? host.IndexOf(']', StringComparison.Ordinal) : -1;
        var colon = host.LastIndexOf(':');
        var hasPort = colon > 0 && !host.StartsWith('/') && (end > 0 ? colon > end : colon == host.IndexOf(':', StringComparison.Ordinal)); // several colons: IPv6
        var name = end > 0 ? host[1..end] : hasPort ? host[..colon] : host;
        return (name, hasPort && int.TryParse(host.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port) ? port : portOfAll);
    }

    /// <summary>Reads what the string says, and adds nothing.</summary>
    /// <exception cref="ArgumentException">The string cannot be read. The message never contains any of it.</exception>
    public static ParsedConnection Read(string text, string argumentName)
    {
        try
        {
            return ConnectionParser.Parse(text);
        }
        catch (ConnectionTextException exception)
        {
            throw new ArgumentException($"The connection string cannot be read. {exception.Message}", argumentName, exception);
        }
    }
}
