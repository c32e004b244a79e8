using System.Net.Sockets;
using Npgsql;

namespace AiSystemSpec.Sdk.Connections;

/// <summary>Which errors are worth another try: the statement can be repeated and may then succeed.</summary>
internal static class TransientErrors
{
    /// <summary>
    /// Npgsql's own verdict, but for two: after a primary's death a multi-host data source says that no host is suitable until the standby
    /// is promoted, which is worth waiting for; and what took its whole time limit is not tried for another.
    /// </summary>
    public static bool IsTransient(Exception exception) => exception switch
    {
        { InnerException: TimeoutException } => false,
        PostgresException { SqlState: PostgresErrorCodes.ReadOnlySqlTransaction } => true, // a primary that was just demoted
        NpgsqlException { IsTransient: true } => true,
        NpgsqlException { InnerException: SocketException or IOException } => true,
        NpgsqlException npgsql and not PostgresException => IsNoSuitableHost(npgsql),
        _ => false,
    };

    /// <summary>Whether a multi-host data source found no primary.</summary>
    public static bool IsNoSuitableHost(NpgsqlException exception) => exception.Message.StartsWith("No suitable host", StringComparison.Ordinal);
}
