using System.Net.Sockets;
using AiSystemSpec.Sdk.Connections;
using Npgsql;

namespace AiSystemSpec.Sdk.Migrations.Connections;

/// <summary>Says what an error of the driver or the server means for an operator. Never a password.</summary>
internal static class Sentences
{
    public static bool CanDescribe(Exception exception) => exception is NpgsqlException or TimeoutException or SocketException or IOException;

    /// <summary>An error while connecting.</summary>
    public static MigrationException CannotConnect(Exception exception, string connectionString)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString);
        var sentence = (exception as PostgresException)?.SqlState switch
        {
            PostgresErrorCodes.InvalidPassword =>
                $"The server at {settings.Host} refused the password of user \"{settings.Username}\". Correct it: in PGPASSWORD, in the file that PGPASSFILE names, or in the connection string.",
            PostgresErrorCodes.InvalidAuthorizationSpecification =>
                $"The server at {settings.Host} does not let user \"{settings.Username}\" in: {Detail(exception)} Use another user, or let this one in (pg_hba.conf, LOGIN).",
            PostgresErrorCodes.InvalidCatalogName =>
                $"There is no database \"{settings.Database ?? settings.Username}\" at {settings.Host}. Correct Database= in the connection string, or create it.",
            PostgresErrorCodes.TooManyConnections =>
                $"The server at {settings.Host} has no connection left. Try again later, or close other sessions.",
            PostgresErrorCodes.CannotConnectNow =>
                $"The server at {settings.Host} is starting or shutting down. Try again in a moment.",
            not null => $"The server at {settings.Host} refused the connection: {Detail(exception)}",
            null => Unreachable(exception, settings),
        };
        return new MigrationException(MigrationErrorKind.CannotConnect, sentence, exception);
    }

    /// <summary>An error while an operation ran.</summary>
    public static MigrationException Describe(Exception exception, string operation) => exception switch
    {
        PostgresException postgres => new MigrationException(KindOf(postgres), DescribeServerError(postgres, operation), exception),
        _ => new MigrationException(
            MigrationErrorKind.Failed,
            $"The connection broke during {operation}: {Detail(exception)} Run it again: what was done is kept, what was not is taken back.",
            exception),
    };

    public static string Detail(Exception exception)
    {
        var text = exception is PostgresException postgres ? postgres.MessageText : (exception.InnerException ?? exception).Message;
        return text.EndsWith('.') ? text : $"{text}.";
    }

    private static string DescribeServerError(PostgresException error, string operation) => error.SqlState switch
    {
        PostgresErrorCodes.InsufficientPrivilege =>
            $"The role lacks a right that {operation} needs: {Detail(error)} Connect as the owner of the database or of the tables, or grant it.",
        PostgresErrorCodes.ReadOnlySqlTransaction =>
            $"The server only takes reads (a standby, or default_transaction_read_only is on), so {operation} changed nothing. Connect to the primary.",
        PostgresErrorCodes.LockNotAvailable =>
            $"Another session holds a lock that {operation} needs, on one of the three tables or their indexes, and did not let go in time. See SELECT * FROM pg_locks, end that session or wait, and run it again.",
        PostgresErrorCodes.RaiseException => $"{error.MessageText} {error.Hint}".TrimEnd(),
        _ => $"{operation} failed: {Detail(error)} (SQLSTATE {error.SqlState}){(error.Hint is null ? "" : $" {error.Hint}")} What was done before is kept; run it again when the cause is gone.",
    };

    private static MigrationErrorKind KindOf(PostgresException error) => error.SqlState switch
    {
        PostgresErrorCodes.InsufficientPrivilege or PostgresErrorCodes.ReadOnlySqlTransaction or PostgresErrorCodes.RaiseException => MigrationErrorKind.Refused,
        _ => MigrationErrorKind.Failed,
    };

    private static string Unreachable(Exception exception, NpgsqlConnectionStringBuilder settings)
    {
        var where = $"{settings.Host}:{settings.Port}";
        return exception is NoPrimaryException
            ? exception.Message
            : exception.Message.Contains("password", StringComparison.OrdinalIgnoreCase)
                ? $"The server at {where} asks for a password of user \"{settings.Username}\", and none was given. Set PGPASSWORD, or name a password file in PGPASSFILE."
                : $"No server answers at {where}: {Detail(exception)} Check host, port and network, and that the server is up.";
    }
}
