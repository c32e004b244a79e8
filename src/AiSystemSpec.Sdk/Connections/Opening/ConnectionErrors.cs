using System.Net.Sockets;
using System.Security.Authentication;
using AiSystemSpec.Sdk.Connections.Settings;
using Npgsql;

namespace AiSystemSpec.Sdk.Connections.Opening;

/// <summary>Says what an error while connecting means for who operates the host, and what to do. Never a password.</summary>
internal static class ConnectionErrors
{
    /// <summary>Whether the error came while connecting; one of the server's may come later, too, and then tells it by its code.</summary>
    public static bool IsOne(Exception exception) => exception switch
    {
        PostgresException
        {
            SqlState: PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification or PostgresErrorCodes.InvalidCatalogName
            or PostgresErrorCodes.TooManyConnections or PostgresErrorCodes.CannotConnectNow
        } => true,
        PostgresException postgres => IsPoolersWrongPassword(postgres),
        NpgsqlException { InnerException: TimeoutException } => false, // a command's time limit, as far as can be told: who opens a connection knows better
        _ => exception is NpgsqlException or SocketException or TimeoutException || IsOfPasswordFile(exception),
    };

    public static string Describe(Exception exception, NpgsqlConnectionStringBuilder settings) => StateOf(exception) switch
    {
        PostgresErrorCodes.InvalidPassword =>
            $"The server at {Where(settings)} refused the password of user \"{settings.Username}\". Correct it: in PGPASSWORD, in the file that PGPASSFILE names, or in the connection string.",
        PostgresErrorCodes.InvalidAuthorizationSpecification =>
            $"The server at {Where(settings)} does not let user \"{settings.Username}\" in: {Detail(exception)} Use another user, or let this one in (pg_hba.conf, LOGIN).",
        PostgresErrorCodes.InvalidCatalogName =>
            $"There is no database \"{settings.Database ?? settings.Username}\" at {settings.Host}. Correct Database= in the connection string, or create it.",
        PostgresErrorCodes.TooManyConnections =>
            $"The server at {settings.Host} has no connection left. Try again later, or close other sessions.",
        PostgresErrorCodes.CannotConnectNow =>
            $"The server at {settings.Host} is starting or shutting down. Try again in a moment.",
        not null => $"The server at {settings.Host} refused the connection: {Detail(exception)}",
        null => DescribeUnanswered(exception, settings),
    };

    /// <summary>The message, with the server's hint where it has one.</summary>
    public static string Detail(Exception exception)
    {
        var text = exception switch
        {
            PostgresException postgres => postgres.MessageText,
            { InnerException: SocketException or IOException or AuthenticationException } => exception.InnerException.Message, // the outer one says only where
            _ => exception.Message,
        };
        text = text.ReplaceLineEndings(" "); // a trigger's message may have several
        var sentence = text.EndsWith('.') ? text : $"{text}.";
        return exception is PostgresException { Hint: { Length: > 0 } hint } ? $"{sentence} {hint}" : sentence;
    }

    private static string? StateOf(Exception exception) => exception is PostgresException postgres
        ? IsPoolersWrongPassword(postgres) ? PostgresErrorCodes.InvalidPassword : postgres.SqlState
        : null;

    /// <summary>PgBouncer has one code for all that it refuses.</summary>
    private static bool IsPoolersWrongPassword(PostgresException exception) =>
        exception is { SqlState: PostgresErrorCodes.ProtocolViolation }
        && exception.MessageText.Contains("authentication failed", StringComparison.OrdinalIgnoreCase);

    private static string DescribeUnanswered(Exception exception, NpgsqlConnectionStringBuilder settings)
    {
        if (IsOfPasswordFile(exception))
        {
            return $"The password file cannot be used: {Detail(exception)} Correct PGPASSFILE (Passfile in the connection string). A line of the file is host:port:database:user:password; only you should be able to read it (chmod 600).";
        }

        var where = Where(settings);
        return exception switch
        {
            NoPrimaryException => exception.Message,
            { InnerException: AuthenticationException } => $"The server at {where} has a certificate that SSL Mode={settings.SslMode} does not accept: {Detail(exception)} Name the root certificate (Root Certificate), or correct SSL Mode.",
            _ when NpgsqlMessages.IsBusyPool(exception) => $"No connection to {where} came free: {Detail(exception)}",
            _ when NpgsqlMessages.IsNoTls(exception) => $"The server at {where} does not do SSL Mode={settings.SslMode}: {Detail(exception)} Correct SSL Mode, or turn TLS on at the server.",
            _ when NpgsqlMessages.IsNoPassword(exception) => $"The server at {where} asks for a password of user \"{settings.Username}\", and none was given. Set PGPASSWORD, or name a password file in PGPASSFILE.",
            _ => $"No server answers at {where}: {Detail(exception)} Check host, port and network, and that the server is up.",
        };
    }

    private static string? Where(NpgsqlConnectionStringBuilder settings) => ConnectionString.HasSeveralHosts(settings)
        ? settings.Host
        : string.Join(',', ConnectionString.HostsOf(settings).Select(host => $"{host.Name}:{host.Port}"));

    private static bool IsOfPasswordFile(Exception exception) =>
        exception is FormatException or FileNotFoundException or DirectoryNotFoundException or UnauthorizedAccessException;
}
