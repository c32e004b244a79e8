using System.Net.Sockets;
using AiSystemSpec.Sdk.Connections;
using Npgsql;

namespace AiSystemSpec.Sdk.Runs.Writing;

/// <summary>One attempt that failed.</summary>
internal readonly record struct WriteFailure(Exception Exception, FailureKind Kind)
{
    /// <summary>Gets whether the same may succeed later, so that a verdict on a row is worth some patience.</summary>
    public bool MayPass => Kind != FailureKind.Answered || TransientErrors.IsTransient(Exception);

    /// <summary>Gets what to call it where no row goes in.</summary>
    public RunLogProblem Problem { get; private init; }

    /// <param name="exception">The error.</param>
    /// <param name="isUsable">Whether the connection can be used further.</param>
    public static WriteFailure Of(Exception exception, bool isUsable)
    {
        var kind = exception switch
        {
            PostgresException { SqlState: PostgresErrorCodes.QueryCanceled } when isUsable => FailureKind.TimeLimit,
            PostgresException when isUsable => FailureKind.Answered,
            NpgsqlException or OperationCanceledException or TimeoutException or IOException or SocketException => FailureKind.Interrupted,
            _ => FailureKind.Internal,
        };
        return new WriteFailure(exception, kind) { Problem = ProblemOf(kind, isUsable) };
    }

    private static RunLogProblem ProblemOf(FailureKind kind, bool isUsable) => kind switch
    {
        FailureKind.Internal => RunLogProblem.Failing,
        FailureKind.Interrupted when !isUsable => RunLogProblem.Unreachable,
        _ => RunLogProblem.Refused,
    };
}
