using AiSystemSpec.Sdk.Connections;

namespace AiSystemSpec.Sdk.Runs.Writing;

/// <summary>Writes batches of background rows, and finds the row at fault where a batch is refused.</summary>
internal sealed class BatchWriter(Database database, RunTable table, DatabaseClock clock, RunLogState state, ISetAside setAside)
{
    /// <summary>Writes the rows. After an error of the database the call may be repeated with those that are not dealt with.</summary>
    public async Task WriteAsync(IReadOnlyList<StoredRow> rows, CancellationToken cancellationToken)
    {
        if (rows.Count == 0)
        {
            return;
        }

        try
        {
            var connection = await database.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
            await using (connection.ConfigureAwait(false))
            {
                StandbyConfirmation.Watch(connection);
                await clock.MeasureAsync(connection, cancellationToken).ConfigureAwait(false);
                foreach (var row in rows)
                {
                    row.CreatedAt ??= row.GivenCreatedAt ?? clock.Map(row);
                }

                var different = await table.WriteAsync(connection, rows, cancellationToken).ConfigureAwait(false);
                StandbyConfirmation.ThrowIfMissing(connection, cancellationToken);
                MarkWritten(rows, different);
            }
        }
        catch (Exception exception) when (WriteErrors.IsOfRow(exception))
        {
            await DivideAsync(rows, exception, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            MarkSent(rows);
            throw;
        }
    }

    /// <summary>Halves a refused batch until the row at fault stands alone.</summary>
    private async Task DivideAsync(IReadOnlyList<StoredRow> rows, Exception exception, CancellationToken cancellationToken)
    {
        if (rows.Count == 1)
        {
            setAside.Add(rows[0], exception);
            rows[0].IsDone = true;
            return;
        }

        var half = rows.Count / 2;
        await WriteAsync([.. rows.Take(half)], cancellationToken).ConfigureAwait(false);
        await WriteAsync([.. rows.Skip(half)], cancellationToken).ConfigureAwait(false);
    }

    private void MarkWritten(IReadOnlyList<StoredRow> rows, IReadOnlyList<StoredRow> different)
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

    /// <summary>The answer may have been lost, and the rows not.</summary>
    private static void MarkSent(IReadOnlyList<StoredRow> rows)
    {
        foreach (var row in rows)
        {
            row.MayExist = true;
        }
    }
}
