using System.Runtime.ExceptionServices;
using Npgsql;

namespace AiSystemSpec.Sdk.Connections;

/// <summary>
/// Says what an error of the server means where the tables are missing, or the rights to them. It stays the server's error, with its type
/// and its SQLSTATE, for hosts that catch it; only its text says more.
/// </summary>
internal static class AccessErrors
{
    private const string Explained = "AiSystemSpec.Explained";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Whether the error may be one of missing tables, columns or rights.</summary>
    public static bool MayBeOne(PostgresException exception) => !exception.Data.Contains(Explained) && exception.SqlState is
        PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.InvalidSchemaName or PostgresErrorCodes.UndefinedColumn or PostgresErrorCodes.InsufficientPrivilege;

    /// <summary>Looks what is missing.</summary>
    /// <returns>The error that says it; null where nothing is, so that the server's own words are all there is to say.</returns>
    public static async Task<PostgresException?> ExplainAsync(
        Database database, PostgresException exception, CancellationToken cancellationToken)
    {
        if (!MayBeOne(exception))
        {
            return null;
        }

        try
        {
            using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            timeout.CancelAfter(Patience);
            return Describe(exception, await TableAccess.ReadAsync(database, timeout.Token).ConfigureAwait(false)) is { } sentence ? With(exception, sentence) : null;
        }
        catch (Exception other) when (other is NpgsqlException or InvalidOperationException or OperationCanceledException)
        {
            return null; // what led here is thrown, not what came of asking
        }
    }

    private static string? Describe(PostgresException exception, TableAccess access) => exception.SqlState switch
    {
        PostgresErrorCodes.InsufficientPrivilege => access.DescribeMissingRights(),
        PostgresErrorCodes.UndefinedColumn => access.DescribeMissingColumns(),
        _ => access.DescribeMissingTables(),
    };

    private static PostgresException With(PostgresException exception, string sentence)
    {
        var explained = new PostgresException(
            $"{sentence} The server said: {exception.MessageText}", exception.Severity, exception.InvariantSeverity, exception.SqlState, exception.Detail, exception.Hint,
            exception.Position, exception.InternalPosition, exception.InternalQuery, exception.Where, exception.SchemaName, exception.TableName, exception.ColumnName,
            exception.DataTypeName, exception.ConstraintName, exception.File, exception.Line, exception.Routine);
        explained.Data[Explained] = true;
        return exception.StackTrace is { } trace ? (PostgresException)ExceptionDispatchInfo.SetRemoteStackTrace(explained, trace) : explained;
    }
}
