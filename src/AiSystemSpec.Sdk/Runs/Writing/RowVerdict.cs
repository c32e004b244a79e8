using AiSystemSpec.Sdk.Diagnostics;
using AiSystemSpec.Sdk.Runs.Formatting;
using AiSystemSpec.Sdk.Runs.Queue;
using Microsoft.Extensions.Logging;

namespace AiSystemSpec.Sdk.Runs.Writing;

/// <summary>Marks rows as dealt with, and says which are at fault.</summary>
internal sealed class RowVerdict(RunLogState state, ISetAside setAside, ILogger logger)
{
    // What may pass (a lock, a time limit, a lost connection) is tried again, in rounds with pauses between, before it is the row's.
    private const int PatientTries = 4;

    /// <summary>The rows are in the table, but those whose id it has with other content.</summary>
    public void Written(ArraySegment<StoredRow> rows, IReadOnlyList<StoredRow> different)
    {
        foreach (var row in different)
        {
            setAside.Add(row, exception: null);
        }

        foreach (var row in rows)
        {
            row.IsDone = true;
        }

        state.CountWritten(rows.Count - different.Count);
    }

    /// <summary>Whether the row that failed alone is at fault, since others went in; then it is set aside.</summary>
    public bool IsAtFault(StoredRow row, WriteFailure failure)
    {
        row.LoneFailures++;
        if (row.FailedAt >= state.Arrivals || (failure.MayPass && row.LoneFailures < PatientTries))
        {
            return false;
        }

        SetAside(row, failure.Exception, failure.Kind);
        return true;
    }

    public void SetAside(StoredRow row, Exception exception, FailureKind kind)
    {
        if (kind == FailureKind.Internal)
        {
            Log.RunRowFailed(logger, exception); // not the row's fault, but it must not hold up the others
        }

        setAside.Add(row, exception);
        row.IsDone = true;
    }
}
