using System.Data;
using AiSystemSpec.Sdk.Connections;
using AiSystemSpec.Sdk.Wire;
using Npgsql;

namespace AiSystemSpec.Sdk.Retention.Purging;

/// <summary>One batch of rows, in one transaction. It may be tried again: a try whose COMMIT had no answer is looked up first.</summary>
internal sealed class DeleteBatch(Database database, RetentionRule rule, ArraySegment<FoundRow> rows, PurgeExport? export)
{
    // Of the transaction that deletes; assigned with the first row that it locks.
    private const string ReadTransactionId = "SELECT CAST(pg_catalog.pg_current_xact_id_if_assigned() AS pg_catalog.text)";

    // It stays in progress until the server notices that its client is gone.
    private const string ReadTransactionStatus =
        "SELECT pg_catalog.pg_xact_status(CAST($1 AS pg_catalog.xid8)) FROM (SELECT pg_catalog.pg_sleep(0.1) OFFSET 0) AS waited";

    private const int StatusPolls = 300;

    private string? _transactionId;
    private int _deleted;
    private bool _isUnsure;

    /// <returns>How many were still to be deleted.</returns>
    public async ValueTask<int> RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await database.ExecuteAsync(static (connection, batch, token) => batch.TryAsync(connection, token), this, cancellationToken).ConfigureAwait(false);
        }
        catch when (export is not null && !_isUnsure)
        {
            export.TakeBack();
            throw;
        }
    }

    private async ValueTask<int> TryAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        if (_isUnsure && await IsCommittedAsync(connection, cancellationToken).ConfigureAwait(false))
        {
            return Committed();
        }

        _isUnsure = false;
        export?.TakeBack();

        // Read committed, whatever the database's default: a row that was changed meanwhile is looked at again, and not an error.
        var transaction = await connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellationToken).ConfigureAwait(false);
        await using (transaction.ConfigureAwait(false))
        {
            await DeleteAsync(connection, cancellationToken).ConfigureAwait(false);
            if (export is not null)
            {
                await export.FlushAsync(cancellationToken).ConfigureAwait(false);
            }

            await CommitAsync(transaction).ConfigureAwait(false);
            return Committed();
        }
    }

    // Not cancelled: its outcome would be unknown.
    private async Task CommitAsync(NpgsqlTransaction transaction)
    {
        _isUnsure = _transactionId is not null;
        try
        {
            await transaction.CommitAsync(CancellationToken.None).ConfigureAwait(false);
        }
        catch (PostgresException exception) when (!exception.SqlState.StartsWith("08", StringComparison.Ordinal)) // which a pooler says of a lost connection
        {
            _isUnsure = false; // such as a deferred foreign key: the server took the transaction back
            throw;
        }
    }

    private int Committed()
    {
        _isUnsure = false;
        export?.Keep();
        return _deleted;
    }

    private async Task<bool> IsCommittedAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        for (var poll = 0; poll < StatusPolls; poll++)
        {
            using var command = database.CreateCommand(connection, ReadTransactionStatus);
            command.Parameters.Add(PgParameter.Text(_transactionId));
            try
            {
                var status = await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false) as string;
                if (status is not "in progress")
                {
                    return status is "committed";
                }
            }
            catch (PostgresException exception) when (exception.SqlState is PostgresErrorCodes.InvalidParameterValue)
            {
                return false; // a promoted standby that the transaction never reached
            }
        }

        throw new TimeoutException("The server still works on a batch whose answer was lost, so it is not known whether its rows are deleted.");
    }

    private async Task DeleteAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        using var batch = RetentionTable.CreateBatch(connection, database.CommandTimeout, out var command);
        batch.BatchCommands.Add(new NpgsqlBatchCommand(ReadTransactionId));
        command.CommandText = export is null ? rule.DeleteSql : rule.ExportingDeleteSql;
        command.Parameters.Add(PgParameter.Moment(rule.Before));
        command.Parameters.Add(PgParameter.Texts([.. rows.Select(row => row.Place.ToString())]));
        command.Parameters.Add(PgParameter.Uuids([.. rows.Select(row => row.Id)]));
        var reader = await batch.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        await using (reader.ConfigureAwait(false))
        {
            _ = await reader.NextResultAsync(cancellationToken).ConfigureAwait(false);
            if (export is not null)
            {
                while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
                {
                    await export.AppendAsync(rule.Table, reader.GetFieldValue<string>(0), cancellationToken).ConfigureAwait(false);
                }

                _ = await reader.NextResultAsync(cancellationToken).ConfigureAwait(false);
            }

            _ = await reader.ReadAsync(cancellationToken).ConfigureAwait(false);
            _transactionId = reader.IsDBNull(0) ? null : reader.GetFieldValue<string>(0);
        }

        _deleted = (int)command.RecordsAffected;
    }
}
