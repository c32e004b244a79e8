using System.Security.Authentication;
using Npgsql;

namespace AiSystemSpec.Sdk.Connections.Opening;

/// <summary>None of several hosts is a primary that takes writes and answers. Worth waiting for: a standby may be promoted.</summary>
/// <remarks>Npgsql's own words for it are none that an operator could act on, and not transient to it.</remarks>
internal sealed class NoPrimaryException : NpgsqlException
{
    public NoPrimaryException(string connectionString, NpgsqlException cause)
        : base(
            $"None of the hosts {new NpgsqlConnectionStringBuilder(connectionString).Host} is a primary that answers and takes writes{Reasons(cause)}. "
            + "Start the primary or promote a standby, or correct Host in the connection string.",
            cause)
    {
    }

    public override bool IsTransient => true;

    /// <summary>
    /// Whether a multi-host data source says this: that it knows of no primary, or that it asked in vain; and not that it could not ask.
    /// </summary>
    public static bool IsMeantBy(NpgsqlException exception) => exception.InnerException is AggregateException { InnerExceptions: var reasons }
        ? !reasons.Any(NpgsqlMessages.IsBusyPool) && !reasons.All(IsRefusal)
        : NpgsqlMessages.IsNoSuitableHost(exception);

    /// <summary>Finds what to tell the caller, of the errors that no promotion would mend.</summary>
    public static Exception FindCause(AggregateException reasons) =>
        reasons.InnerExceptions.FirstOrDefault(NpgsqlMessages.IsBusyPool) ?? reasons.InnerExceptions[0];

    /// <summary>Whether the host was there, and did not let us in: a password, a role, a database, TLS.</summary>
    private static bool IsRefusal(Exception reason) => reason is PostgresException { SqlState: var state }
        ? state.StartsWith("28", StringComparison.Ordinal) || state is PostgresErrorCodes.InvalidCatalogName
        : reason is NpgsqlException { InnerException: null or AuthenticationException };

    private static string Reasons(NpgsqlException cause) => cause.InnerException is AggregateException { InnerExceptions: var reasons }
        ? $": {string.Join("; ", reasons.Select(reason => reason.Message.TrimEnd('.')).Distinct(StringComparer.Ordinal))}"
        : "";
}
