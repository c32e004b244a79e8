using System.Net.Sockets;
using Npgsql;

namespace AiSystemSpec.Sdk.Connections;

/// <summary>Which errors are worth another try: the statement can be repeated and may then succeed.</summary>
internal static class TransientErrors
{
    /// <summary>Npgsql's own verdict, but that what took its whole time limit is not tried for another.</summary>
    public static bool IsTransient(Exception exception) => exception switch
    {
        { InnerException: TimeoutException } => false,
        PostgresException { SqlState: PostgresErrorCodes.ReadOnlySqlTransaction } => true, // a primary that was just demoted
        NpgsqlException { IsTransient: true } => true, // a NoPrimaryException, too
        NpgsqlException { InnerException: SocketException or IOException } => true,
        _ => false,
    };
}
