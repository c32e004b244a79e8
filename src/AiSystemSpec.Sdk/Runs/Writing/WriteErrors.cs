using AiSystemSpec.Sdk.Connections;
using Npgsql;

namespace AiSystemSpec.Sdk.Runs.Writing;

/// <summary>Tells errors of a row, which would come again with the same row, from those of the database, which pass.</summary>
internal static class WriteErrors
{
    /// <summary>Whether one of the rows is at fault: its data (22, 21), a constraint (23, 44), a limit of the program (54), a trigger's refusal (P0), or a value that cannot be sent.</summary>
    public static bool IsOfRow(Exception exception) => exception switch
    {
        PostgresException postgres => !TransientErrors.IsTransient(postgres) && postgres.SqlState.AsSpan(0, 2) is "21" or "22" or "23" or "44" or "54" or "P0",
        NpgsqlException => false,
        InvalidCastException or ArgumentException or OverflowException or NotSupportedException => true,
        _ => false,
    };
}
