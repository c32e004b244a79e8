using Npgsql;

namespace AiSystemSpec.Sdk.Connections.Opening;

/// <summary>
/// What Npgsql says in words alone, without a type or a code of its own. A test provokes each, so that a new version that words it
/// otherwise is noticed.
/// </summary>
internal static class NpgsqlMessages
{
    /// <summary>All connections of the pool are in use, and none came back in time.</summary>
    public static bool IsBusyPool(Exception exception) =>
        exception is NpgsqlException { InnerException: TimeoutException } && Starts(exception, "The connection pool has been exhausted");

    /// <summary>A multi-host data source knows of no host that is what was asked for.</summary>
    public static bool IsNoSuitableHost(Exception exception) => exception is NpgsqlException && Starts(exception, "No suitable host");

    /// <summary>TLS was asked for, and the server does not speak it.</summary>
    public static bool IsNoTls(Exception exception) => exception is NpgsqlException && Says(exception, "SSL connection requested");

    /// <summary>The server asks for a password, and there is none.</summary>
    public static bool IsNoPassword(Exception exception) =>
        exception is NpgsqlException and not PostgresException && Says(exception, "No password has been provided");

    private static bool Starts(Exception exception, string words) => exception.Message.StartsWith(words, StringComparison.Ordinal);

    private static bool Says(Exception exception, string words) => exception.Message.Contains(words, StringComparison.OrdinalIgnoreCase);
}
