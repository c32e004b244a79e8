using AiSystemSpec.Sdk.Connections;
using AiSystemSpec.Sdk.Diagnostics;
using AiSystemSpec.Sdk.Time;
using Npgsql;

namespace AiSystemSpec.Sdk.Retention.Purging;

/// <summary>
/// One purge: rule by rule, batch by batch. A batch that fails because of a row, or because it takes too long, is halved until the rest
/// goes on; a row that the server refuses by itself is left, and a table that refuses every row is given up.
/// </summary>
internal sealed class Purge(Database database, RetentionTable table, PurgeLock purgeLock, int batchSize, TimeSpan pause, TimeProvider timeProvider, PurgeExport? export = null)
{
    private readonly RowCounts _deleted = new();
    private readonly SkippedCounts _skipped = new();
    private readonly HashSet<string> _givenUp = new(StringComparer.Ordinal);
    private Exception? _firstOfTable;
    private int _batches;
    private int _rowsOfLastBatch;
    private int _size = int.MaxValue;
    private int _largest = int.MaxValue;

    public async Task<RetentionResult> RunAsync(IReadOnlyList<RetentionRule> rules, CancellationToken cancellationToken)
    {
        foreach (var rule in rules.Where(rule => !_givenUp.Contains(rule.Table)))
        {
            try
            {
                await RunAsync(rule, cancellationToken).ConfigureAwait(false);
            }
            catch (PostgresException exception) when (DeleteErrors.IsOfTable(exception))
            {
                _skipped.AddTable(rule.Table, exception);
                _ = _givenUp.Add(rule.Table);
                _firstOfTable ??= exception;
            }
            catch (Exception exception) when (exception is not OperationCanceledException && (_batches > 0 || _skipped.Any || exception is IOException)) // the last: the export's disk
            {
                throw new RetentionException(
                    $"The purge ended in the middle: {exception.Message} What it deleted before stays deleted ({_deleted.ToResult().TotalRows} rows); run it again to go on.", ToResult(), exception);
            }
        }

        return _firstOfTable is null ? ToResult() : throw GaveUp();
    }

    /// <summary>Gets what was done so far.</summary>
    public RetentionResult ToResult() => _deleted.ToResult() with { Batches = _batches, Skipped = _skipped.ToList() };

    private async Task RunAsync(RetentionRule rule, CancellationToken cancellationToken)
    {
        RowPosition? position = null;
        while (true)
        {
            var found = await table.FindAsync(rule, position, cancellationToken).ConfigureAwait(false);
            await DeleteAsync(rule, found.Rows, cancellationToken).ConfigureAwait(false);

            // The position's own row is looked for again, since ids of a table without a key may repeat; one that stays is no reason to
            // go on.
            if (found.Next is null || found.Next == position)
            {
                return;
            }

            position = found.Next;
        }
    }

    private async Task DeleteAsync(RetentionRule rule, FoundRow[] rows, CancellationToken cancellationToken)
    {
        for (var first = 0; first < rows.Length;)
        {
            var batch = new ArraySegment<FoundRow>(rows, first, Math.Min(Math.Min(_size, batchSize), rows.Length - first));
            try
            {
                await DeleteAsync(rule, batch, cancellationToken).ConfigureAwait(false);
                first += batch.Count;
                _size = (int)Math.Min(_largest, batch.Count * 2L);
            }
            catch (Exception exception) when (batch.Count > 1 && (DeleteErrors.IsOfRows(exception) || DeleteErrors.IsOfTime(exception)))
            {
                _size = batch.Count / 2;
                _largest = DeleteErrors.IsOfTime(exception) ? _size : _largest;
            }
            catch (PostgresException exception) when (DeleteErrors.IsOfRows(exception))
            {
                _skipped.AddRefused(rule.Table, exception);
                first++;
            }
        }
    }

    private async Task DeleteAsync(RetentionRule rule, ArraySegment<FoundRow> rows, CancellationToken cancellationToken)
    {
        // As long as the last batch was large: what had to be halved is not slower for it.
        var wait = pause * ((double)_rowsOfLastBatch / batchSize);
        if (wait > TimeSpan.Zero)
        {
            await timeProvider.Delay(wait, cancellationToken).ConfigureAwait(false);
        }

        _rowsOfLastBatch = 0;
        cancellationToken.ThrowIfCancellationRequested();
        await purgeLock.KeepAsync().ConfigureAwait(false);
        var deleted = await new DeleteBatch(database, rule, rows, export).RunAsync(cancellationToken).ConfigureAwait(false);
        _deleted.Add(rule.Kind, deleted);
        _skipped.AddLeft(rule.Table, rows.Count - deleted);
        _rowsOfLastBatch = rows.Count;
        _batches++;
        RetentionInstruments.CountDeleted(database.Label, rule.Table, deleted);
    }

    private RetentionException GaveUp()
    {
        var reasons = _skipped.ToList().Where(skipped => skipped.Rows == 0).Select(skipped => $"{skipped.Table}: {skipped.Reason} ({skipped.SqlState})");
        return new RetentionException(
            $"No more rows could be deleted from {string.Join("; ", reasons)}. In all tables, {_deleted.ToResult().TotalRows} rows were deleted.", ToResult(), _firstOfTable);
    }
}
