using AiSystemSpec.Sdk.Connections;
using Npgsql;

namespace AiSystemSpec.Sdk.Migrations.Connections;

/// <summary>Says what an error of the driver or the server means for an operator. Never a password.</summary>
internal static class Sentences
{
    /// <summary>An error while connecting.</summary>
    public static MigrationException CannotConnect(Exception exception, string connectionString) =>
        new(MigrationErrorKind.CannotConnect, ConnectionErrors.Describe(exception, new NpgsqlConnectionStringBuilder(connectionString)), exception);

    /// <summary>An error while an operation ran.</summary>
    public static MigrationException Describe(Exception exception, string operation) => exception switch
    {
        PostgresException postgres => new MigrationException(KindOf(postgres), DescribeServerError(postgres, operation), exception),
        _ => new MigrationException(
            MigrationErrorKind.Failed,
            $"The connection broke during {operation}: {ConnectionErrors.Detail(exception)} Run it again: what was done is kept, what was not is taken back.",
            exception),
    };

    private static string DescribeServerError(PostgresException error, string operation) => error.SqlState switch
    {
        PostgresErrorCodes.InsufficientPrivilege =>
            $"The role lacks a right that {operation} needs: {ConnectionErrors.Detail(error)} Connect as the owner of the database or of the tables, or grant it.",
        PostgresErrorCodes.ReadOnlySqlTransaction =>
            $"The server only takes reads (a standby, or default_transaction_read_only is on), so {operation} changed nothing. Connect to the primary.",
        PostgresErrorCodes.LockNotAvailable =>
            $"Another session holds a lock that {operation} needs, on one of the three tables or their indexes, and did not let go in time. See SELECT * FROM pg_locks, end that session or wait, and run it again.",
        PostgresErrorCodes.RaiseException => $"{error.MessageText} {error.Hint}".TrimEnd(),
        _ => $"{operation} failed: {ConnectionErrors.Detail(error)} (SQLSTATE {error.SqlState}){(error.Hint is null ? "" : $" {error.Hint}")} What was done before is kept; run it again when the cause is gone.",
    };

    private static MigrationErrorKind KindOf(PostgresException error) => error.SqlState switch
    {
        PostgresErrorCodes.InsufficientPrivilege or PostgresErrorCodes.ReadOnlySqlTransaction or PostgresErrorCodes.RaiseException => MigrationErrorKind.Refused,
        _ => MigrationErrorKind.Failed,
    };
}
