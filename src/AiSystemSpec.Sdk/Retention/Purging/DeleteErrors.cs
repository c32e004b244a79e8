using Npgsql;

namespace AiSystemSpec.Sdk.Retention.Purging;

/// <summary>What an error of a purge is about: a row, the size of a batch, a table, or everything.</summary>
internal static class DeleteErrors
{
    private const string RaisedByFunction = "exec_stmt_raise";

    /// <summary>
    /// Whether single rows are refused and others may go: a foreign key of the host's, a check, what a trigger raises or computes. A
    /// function may raise any code, so where it was raised says more than the code.
    /// </summary>
    public static bool IsOfRows(Exception exception) =>
        exception is PostgresException postgres && (postgres.Routine is RaisedByFunction || postgres.SqlState[..2] is "22" or "23" or "44" or "P0");

    /// <summary>Whether a limit on time was reached, the server's or the command's: fewer rows take less.</summary>
    public static bool IsOfTime(Exception exception) =>
        exception is PostgresException { SqlState: PostgresErrorCodes.QueryCanceled } or NpgsqlException { InnerException: TimeoutException };

    /// <summary>
    /// Whether no row of this table can be deleted, and other tables' rows may: a missing right or replica identity, a table that someone
    /// changes.
    /// </summary>
    public static bool IsOfTable(PostgresException exception) =>
        exception.SqlState[..2] is "42" or "3F" or "0A" or "55" || IsOfTime(exception);

    /// <summary>The server's words, with its hint.</summary>
    public static string Describe(PostgresException exception) =>
        string.IsNullOrEmpty(exception.Hint) ? exception.MessageText : $"{exception.MessageText}. {exception.Hint}";
}
