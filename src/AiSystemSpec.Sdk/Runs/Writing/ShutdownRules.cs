using AiSystemSpec.Sdk.Connections.Opening;
using AiSystemSpec.Sdk.Runs.Formatting;
using AiSystemSpec.Sdk.Runs.Queue;
using Npgsql;

namespace AiSystemSpec.Sdk.Runs.Writing;

/// <summary>How long the end of the process waits for the database: as long as what stands in the way may pass.</summary>
internal sealed class ShutdownRules(TimeProvider timeProvider)
{
    // A timer takes no more than 2^32 - 2 milliseconds.
    private static readonly TimeSpan Longest = TimeSpan.FromDays(49);

    // Who has never reached the database has more likely the wrong address than an outage.
    private static readonly TimeSpan PatienceWithStranger = TimeSpan.FromSeconds(5);

    private long _timeout;
    private long? _problemSince;

    public static TimeSpan Clamp(TimeSpan timeout) => timeout > Longest ? Longest : timeout;

    public void Begin(TimeSpan timeout) => Volatile.Write(ref _timeout, timeout.Ticks);

    /// <summary>A problem began.</summary>
    public void Began() => _problemSince ??= timeProvider.GetTimestamp();

    /// <summary>It ended.</summary>
    public void Ended() => _problemSince = null;

    /// <summary>Whether one row is left that would wait for another to tell whose fault it is, and no other will come.</summary>
    public static bool IsOnItsOwn(BatchResult result, IReadOnlyList<StoredRow> rows, bool isAll) =>
        result is { WantsNeighbour: true, Exception: { } exception } && isAll && !TransientErrors.IsTransient(exception) && rows.Count(row => !row.IsDone) == 1;

    /// <summary>Whether waiting on is in vain, after one last try: the error stays, or has lasted as long as it may.</summary>
    public bool IsOver(BatchResult result, bool hasAnswered)
    {
        if (!MayPass(result))
        {
            return true;
        }

        var patience = new TimeSpan(Volatile.Read(ref _timeout));
        patience = hasAnswered || patience < PatienceWithStranger ? patience : PatienceWithStranger;
        return _problemSince is { } since && timeProvider.GetElapsedTime(since) >= patience;
    }

    private static bool MayPass(BatchResult result) => result.Problem switch
    {
        RunLogProblem.None => true,
        RunLogProblem.Failing => false,
        _ => result.Exception is not PostgresException postgres
            || TransientErrors.IsTransient(postgres)
            || string.Equals(postgres.SqlState, PostgresErrorCodes.QueryCanceled, StringComparison.Ordinal),
    };
}
