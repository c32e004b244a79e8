using System.Net.Sockets;
using AiSystemSpec.Sdk.Connections.Opening;
using AiSystemSpec.Sdk.Runs.Queue;
using Npgsql;

namespace AiSystemSpec.Sdk.Runs.Writing;

/// <summary>One attempt that failed.</summary>
internal readonly record struct WriteFailure(Exception Exception, FailureKind Kind)
{
    /// <summary>
    /// Gets whether the connection can be used further: Npgsql gives it up after some errors that the server goes on from.
    /// </summary>
    public bool IsUsable { get; private init; }

    /// <summary>Gets whether the same may succeed later, so that a verdict on a row is worth some patience.</summary>
    public bool MayPass => Kind != FailureKind.Answered || TransientErrors.IsTransient(Exception);

    /// <summary>Gets whether fewer rows may pass.</summary>
    public bool IsOfSize => Kind is FailureKind.TimeLimit or FailureKind.Interrupted || !IsUsable;

    /// <summary>Gets what to call it where no row goes in.</summary>
    public RunLogProblem Problem => Kind switch
    {
        FailureKind.Internal => RunLogProblem.Failing,
        FailureKind.Interrupted when !IsUsable => RunLogProblem.Unreachable,
        _ => RunLogProblem.Refused,
    };

    /// <param name="exception">The error.</param>
    /// <param name="isUsable">Whether the connection is still open.</param>
    public static WriteFailure Of(Exception exception, bool isUsable) => new(exception, KindOf(exception)) { IsUsable = isUsable };

    private static FailureKind KindOf(Exception exception) => exception switch
    {
        PostgresException { InvariantSeverity: not "ERROR" } => FailureKind.Interrupted, // the session's end
        PostgresException { SqlState: PostgresErrorCodes.QueryCanceled } => FailureKind.TimeLimit,
        PostgresException => FailureKind.Answered,
        NpgsqlException or OperationCanceledException or TimeoutException or IOException or SocketException => FailureKind.Interrupted,
        _ => FailureKind.Internal,
    };
}
