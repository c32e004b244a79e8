using System.Data;
using AiSystemSpec.Sdk.Connections;
using AiSystemSpec.Sdk.Runs.Formatting;
using Npgsql;

namespace AiSystemSpec.Sdk.Runs.Writing;

/// <summary>
/// Writes rows that may be in the table already: what is missing goes in, and what is there is told from another row under the same id.
/// </summary>
internal sealed class MissingRows(Database database)
{
    /// <summary>Writes the rows, all or none.</summary>
    /// <returns>The rows whose id the table has with other content.</returns>
    public async Task<IReadOnlyList<StoredRow>> WriteAsync(
        NpgsqlConnection connection, IReadOnlyList<StoredRow> rows, bool isKeyed, CancellationToken cancellationToken)
    {
        // Each statement must see what was committed before it began, whatever the database's or the role's default is.
        var transaction = await connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellationToken).ConfigureAwait(false);
        List<StoredRow> different;
        await using (transaction.ConfigureAwait(false))
        {
            var inserted = await InsertAsync(connection, transaction, rows, isKeyed, cancellationToken).ConfigureAwait(false);

            // What went in now is ours, whatever a trigger made of it; and an id that was made here is no other row's.
            List<StoredRow> known = [.. rows.Where(row => !inserted.Remove(row.Id) && row.HasCallersId)];
            different = await FindDifferentAsync(connection, known, cancellationToken).ConfigureAwait(false);
            await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
        }

        for (var at = different.Count - 1; at >= 0; at--)
        {
            if (await IsSameByTriggersAsync(connection, different[at], cancellationToken).ConfigureAwait(false))
            {
                different.RemoveAt(at);
            }
        }

        return different;
    }

    private async Task<HashSet<Guid>> InsertAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, IReadOnlyList<StoredRow> rows, bool isKeyed, CancellationToken cancellationToken)
    {
        using var batch = new NpgsqlBatch(connection, transaction);
        batch.Timeout = database.CommandTimeout ?? batch.Timeout;
        if (!isKeyed)
        {
            batch.BatchCommands.Add(new NpgsqlBatchCommand(RunSql.TakeTurn));
        }

        var insert = new NpgsqlBatchCommand(isKeyed ? RunSql.InsertMissing : RunSql.InsertMissingInTurn);
        RowParameters.AddRows(insert.Parameters, rows);
        batch.BatchCommands.Add(insert);
        batch.BatchCommands.Add(new NpgsqlBatchCommand(RunSql.WaitForStandby));

        var inserted = new HashSet<Guid>();
        var reader = await batch.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        await using (reader.ConfigureAwait(false))
        {
            if (!isKeyed)
            {
                _ = await reader.NextResultAsync(cancellationToken).ConfigureAwait(false);
            }

            while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
            {
                _ = inserted.Add(reader.GetFieldValue<Guid>(0));
            }
        }

        return inserted;
    }

    private async Task<List<StoredRow>> FindDifferentAsync(
        NpgsqlConnection connection, List<StoredRow> known, CancellationToken cancellationToken)
    {
        if (known.Count == 0)
        {
            return known;
        }

        using var command = database.CreateCommand(connection, RunSql.FindSame);
        RowParameters.AddRows(command.Parameters, known);
        var same = new HashSet<StoredRow>();
        var reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        await using (reader.ConfigureAwait(false))
        {
            while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
            {
                _ = same.Add(known[(int)reader.GetInt64(0) - 1]);
            }
        }

        return known.FindAll(row => !same.Contains(row));
    }

    /// <summary>
    /// Whether the row in the table is what its triggers make of this one: a trial shows it, and is rolled back. Where the trial is
    /// refused, or a trigger makes something else each time, the row counts as another.
    /// </summary>
    private async Task<bool> IsSameByTriggersAsync(NpgsqlConnection connection, StoredRow row, CancellationToken cancellationToken)
    {
        var transaction = await connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellationToken).ConfigureAwait(false);
        await using (transaction.ConfigureAwait(false))
        {
            try
            {
                return await TrialRow.MakeAsync(database, connection, row, cancellationToken).ConfigureAwait(false) is { } made
                    && (await FindDifferentAsync(connection, [made], cancellationToken).ConfigureAwait(false)).Count == 0;
            }
            catch (PostgresException) when (connection.FullState == ConnectionState.Open)
            {
                return false;
            }
        }
    }
}
