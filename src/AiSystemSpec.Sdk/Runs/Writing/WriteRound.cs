using AiSystemSpec.Sdk.Connections;
using AiSystemSpec.Sdk.Runs.Formatting;
using AiSystemSpec.Sdk.Runs.Queue;
using Npgsql;

namespace AiSystemSpec.Sdk.Runs.Writing;

/// <summary>
/// One attempt at a batch on one connection. Where the server answers with an error the batch is divided, until it is known who is at
/// fault: a row that fails alone although another went in since it failed first, or nobody, where every row fails alike. No list of error
/// codes can tell the two: a policy, a trigger or a cast refuse one row with the codes of a missing right, a lost table or a full disk.
/// </summary>
internal sealed class WriteRound(
    NpgsqlConnection connection, bool isSecured, RunTable table, BatchBound bound, RunLogState state, RowVerdict verdict)
{
    // As long as nothing goes in, dividing stops here: with halves taken at random, later rounds try other rows.
    private const int MostFailuresInVain = 32;
    private const int CostOfTimeLimit = 4;
    private const int Samples = 8;

    private readonly Stack<ArraySegment<StoredRow>> _work = new();
    private readonly HashSet<StoredRow> _tooEarly = []; // failed alone before any row went in
    private IReadOnlyList<StoredRow> _rows = [];
    private WriteFailure _last;
    private int _inVain;
    private bool _hasProgress;
    private bool _isProbed;

    public async Task<BatchResult> RunAsync(IReadOnlyList<StoredRow> rows, CancellationToken cancellationToken)
    {
        _rows = rows;
        _work.Push(rows.Where(row => row.FailedAt is not null).ToArray());
        _work.Push(rows.Where(row => row.FailedAt is null).ToArray()); // first: they tell whose fault it is
        var isOver = !await WriteAsync(cancellationToken).ConfigureAwait(false);
        foreach (var row in _tooEarly.Where(row => row.FailedAt < state.Arrivals))
        {
            _work.Push(new[] { row }); // now it can be told
        }

        isOver = isOver || !await WriteAsync(cancellationToken).ConfigureAwait(false);
        return isOver ? Result(_last.Problem) : Result();
    }

    private BatchResult Result()
    {
        var left = _rows.Where(row => !row.IsDone).ToList();
        return left.TrueForAll(row => row.FailedAt < state.Arrivals)
            ? Result(RunLogProblem.None)
            : Result(_last.Problem) with { WantsNeighbour = _last.Kind == FailureKind.Answered };
    }

    private BatchResult Result(RunLogProblem problem) => new(problem, _last.Exception) { HasProgress = _hasProgress };

    /// <summary>Works off what is to be written.</summary>
    /// <returns>False where the round is over before its end.</returns>
    private async Task<bool> WriteAsync(CancellationToken cancellationToken)
    {
        while (_work.TryPop(out var rows))
        {
            rows = rows.Any(row => row.IsDone) ? rows.Where(row => !row.IsDone).ToArray() : rows; // a sample was dealt with before its half
            var count = bound.Fit(rows);
            if (count < rows.Count)
            {
                _work.Push(rows[count..]);
            }

            if (count > 0 && !await WriteAsync(rows[..count], cancellationToken).ConfigureAwait(false))
            {
                return false;
            }
        }

        return true;
    }

    private async Task<bool> WriteAsync(ArraySegment<StoredRow> rows, CancellationToken cancellationToken)
    {
        try
        {
            var different = await table.WriteAsync(connection, rows, isSecured, cancellationToken).ConfigureAwait(false);
            StandbyConfirmation.ThrowIfMissing(connection, cancellationToken);
            verdict.Written(rows, different);
            bound.Grow();
            Advance();
            return true;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            return await GoOnAsync(rows, WriteFailure.Of(exception, IsUsable), cancellationToken).ConfigureAwait(false);
        }
    }

    private bool IsUsable => connection.FullState == System.Data.ConnectionState.Open;

    private void Advance()
    {
        _hasProgress = true;
        _inVain = 0;
    }

    private async Task<bool> GoOnAsync(ArraySegment<StoredRow> rows, WriteFailure failure, CancellationToken cancellationToken)
    {
        _last = failure;
        foreach (var row in rows)
        {
            row.FailedAt ??= state.Arrivals;
            row.MayExist |= failure.Kind == FailureKind.Interrupted;
        }

        if (failure.IsOfSize)
        {
            bound.Shrink(rows);
        }

        if (rows.Count == 1)
        {
            JudgeAlone(rows[0], failure);
        }
        else
        {
            Divide(rows, failure.Kind);
        }

        _inVain += failure.Kind == FailureKind.TimeLimit ? CostOfTimeLimit : 1;
        return failure.Kind != FailureKind.Interrupted
            && failure.IsUsable
            && _inVain <= MostFailuresInVain
            && (_hasProgress || _isProbed || failure.Kind != FailureKind.Answered || await TakesRowsAsync(cancellationToken).ConfigureAwait(false));
    }

    private void JudgeAlone(StoredRow row, WriteFailure failure)
    {
        if (verdict.IsAtFault(row, failure))
        {
            Advance();
            _inVain = -1; // the failure that led here was not in vain
        }
        else if (row.FailedAt >= state.Arrivals)
        {
            _ = _tooEarly.Add(row);
        }
    }

    /// <summary>Tries the newest row and some others on their own first: halves seldom come upon a good one among many bad ones.</summary>
    private void PushSamples()
    {
        for (var sample = 1; sample < Samples && _rows.Count > Samples; sample++)
        {
            _work.Push(new[] { _rows[Random.Shared.Next(_rows.Count)] });
        }

        _work.Push(new[] { _rows[^1] });
    }

    private void Divide(ArraySegment<StoredRow> rows, FailureKind kind)
    {
        if (kind is FailureKind.TimeLimit)
        {
            _work.Push(rows); // the bound has shrunk
            return;
        }

        var half = rows.Count / 2;
        var isTurned = Random.Shared.Next(2) == 0;
        _work.Push(isTurned ? rows[..half] : rows[half..]);
        _work.Push(isTurned ? rows[half..] : rows[..half]);
    }

    /// <summary>
    /// Asks with the same statement and no row, so that a missing right or table costs two statements, not one for every row.
    /// </summary>
    private async Task<bool> TakesRowsAsync(CancellationToken cancellationToken)
    {
        _isProbed = true;
        try
        {
            await table.WriteNoneAsync(connection, cancellationToken).ConfigureAwait(false);
            PushSamples();
            return true;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            _last = WriteFailure.Of(exception, IsUsable);
            return false;
        }
    }
}
