using System.Net.Sockets;
using Npgsql;

namespace AiSystemSpec.Sdk.Connections.Opening;

/// <summary>Which errors are worth another try: the statement can be repeated and may then succeed.</summary>
internal static class TransientErrors
{
    /// <summary>Npgsql's own verdict, but that what took its whole time limit is not tried for another.</summary>
    public static bool IsTransient(Exception exception) => exception switch
    {
        { InnerException: TimeoutException } => false,
        PostgresException { SqlState: PostgresErrorCodes.ObjectNotInPrerequisiteState } => false, // a table that is published without a replica identity stays so
        PostgresException { SqlState: PostgresErrorCodes.ReadOnlySqlTransaction } => true, // a primary that was just demoted
        PostgresException postgres when PoolerErrors.IsOne(postgres) => !PoolerErrors.IsRefusal(postgres), // its server's connection broke, or its patience ended
        NpgsqlException { IsTransient: true } => true, // a NoPrimaryException, too
        NpgsqlException { InnerException: SocketException or IOException } => true,
        _ => false,
    };

    /// <summary>
    /// Whether a failover may be behind a transient error, so that it is worth waiting for one. A full disk or a lock that is taken is
    /// not.
    /// </summary>
    public static bool IsOfFailover(NpgsqlException exception) => exception switch
    {
        PostgresException postgres when PoolerErrors.IsOne(postgres) => !PoolerErrors.IsRefusal(postgres),
        PostgresException { SqlState: var state } =>
            state is PostgresErrorCodes.ReadOnlySqlTransaction or PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown or PostgresErrorCodes.CannotConnectNow
            || state.StartsWith("08", StringComparison.Ordinal),
        NoPrimaryException => true,
        _ => exception.InnerException is SocketException or IOException,
    };
}
