using AiSystemSpec.Sdk.Connections.Opening;
using Npgsql;

namespace AiSystemSpec.Sdk.Migrations.Connections;

/// <summary>Says what an error of the driver or the server means for an operator. Never a password.</summary>
internal static class OperatorErrors
{
    /// <summary>An error while connecting.</summary>
    public static MigrationException CannotConnect(Exception exception, string connectionString) =>
        new(MigrationErrorKind.CannotConnect, ConnectionErrors.Describe(exception, new NpgsqlConnectionStringBuilder(connectionString)), exception);

    /// <summary>An error while an operation ran.</summary>
    public static MigrationException Describe(Exception exception, string operation) => exception switch
    {
        PostgresException postgres => new MigrationException(KindOf(postgres), DescribeServerError(postgres, operation), exception),
        { InnerException: TimeoutException } => new MigrationException(
            MigrationErrorKind.Failed,
            $"{operation} reached its own time limit: a statement was not answered within the Command Timeout of the connection (30 seconds, where the connection string does not say). "
            + "The server may be busy, or a table locked: raise Command Timeout, or run it again later. What was done is kept, what was not is taken back.",
            exception),
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
        PostgresErrorCodes.RaiseException => $"{error.MessageText} {error.Hint}".TrimEnd() + Context(error),
        PostgresErrorCodes.QueryCanceled when error.MessageText.Contains("timeout", StringComparison.Ordinal) =>
            $"A time limit of the server ended {operation}: {ConnectionErrors.Detail(error)} See SHOW statement_timeout and, for who set it, pg_db_role_setting. What was done before is kept; run it again when the limit is longer.",
        PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.UndefinedFunction or PostgresErrorCodes.UndefinedObject or PostgresErrorCodes.UndefinedColumn
            or PostgresErrorCodes.InvalidSchemaName when error.Where is not null => $"{Failed(error, operation)} "
            + "Migrations run with search_path = pg_catalog, pg_temp, so what a trigger or a function of yours does there must name tables and functions with their schema, or SET search_path itself.",
        _ => Failed(error, operation),
    };

    private static string Failed(PostgresException error, string operation) =>
        $"{operation} failed: {ConnectionErrors.Detail(error)} (SQLSTATE {error.SqlState}){Context(error)} What was done before is kept; run it again when the cause is gone.";

    /// <summary>Where on the server it failed: a trigger of someone else's, mostly.</summary>
    private static string Context(PostgresException error) =>
        error.Where is null ? "" : $" CONTEXT: {error.Where.ReplaceLineEndings(" ")}.";

    private static MigrationErrorKind KindOf(PostgresException error) => error.SqlState switch
    {
        PostgresErrorCodes.InsufficientPrivilege or PostgresErrorCodes.ReadOnlySqlTransaction or PostgresErrorCodes.RaiseException => MigrationErrorKind.Refused,
        _ => MigrationErrorKind.Failed,
    };
}
