using Npgsql;

namespace AiSystemSpec.Sdk.Connections.Opening;

/// <summary>
/// Errors that a pooler made up itself. PgBouncer has one code, 08P01, for nearly all: lost server connections, its own time limits, and a
/// wrong password. A server names the routine that raised an error; a pooler has none.
/// </summary>
internal static class PoolerErrors
{
    private static readonly string[] Refusals = ["authentication", "password", "no such", "not found", "not allowed", "not permitted", "unsupported", "rejected", "required", "invalid"];

    public static bool IsOne(PostgresException exception) =>
        exception.Routine is null
        && (exception.SqlState is PostgresErrorCodes.InternalError || exception.SqlState.StartsWith("08", StringComparison.Ordinal)); // XX000 is Supavisor's

    /// <summary>Whether it does not let this client in, and never will: a user, a password, a database, a setting.</summary>
    public static bool IsRefusal(PostgresException exception) =>
        Array.Exists(Refusals, word => exception.MessageText.Contains(word, StringComparison.OrdinalIgnoreCase));
}
