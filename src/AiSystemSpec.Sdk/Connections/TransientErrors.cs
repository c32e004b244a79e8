using System.Net.Sockets;
using Npgsql;

namespace AiSystemSpec.Sdk.Connections;

/// <summary>Which errors are worth another try: the statement can be repeated and may then succeed.</summary>
internal static class TransientErrors
{
    /// <summary>Npgsql's own verdict, and what it leaves out: after a primary's death a multi-host data source says that no host is suitable until the standby is promoted.</summary>
    public static bool IsTransient(Exception exception) => exception switch
    {
        PostgresException { SqlState: PostgresErrorCodes.ReadOnlySqlTransaction } => true, // a primary that was just demoted
        NpgsqlException { IsTransient: true } => true,
        NpgsqlException { InnerException: SocketException or IOException or TimeoutException } => true,
        NpgsqlException npgsql and not PostgresException => npgsql.Message.StartsWith("No suitable host", StringComparison.Ordinal),
        _ => false,
    };
}
