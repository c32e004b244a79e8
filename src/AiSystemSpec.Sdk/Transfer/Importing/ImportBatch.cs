using System.Data;
using AiSystemSpec.Sdk.Connections;
using AiSystemSpec.Sdk.Transfer.Reading;
using AiSystemSpec.Sdk.Wire;
using Npgsql;

namespace AiSystemSpec.Sdk.Transfer.Importing;

/// <summary>Writes rows of a file, all or none, so that a repeated attempt finds what the first did.</summary>
internal sealed class ImportBatch(Database database, TransferTable table)
{
    private const int LimitSeconds = 600;

    // A batch of large rows may take longer than a role's limit, and is worth waiting for.
    private const string Limit = "SELECT pg_catalog.set_config('statement_timeout', '600s', true)";

    private readonly ImportSql _sql = new(table);
    private bool _isKeyed; // only the good answer is kept: a key may be added at any time

    /// <summary>Writes the rows.</summary>
    /// <returns>What became of each, by its place.</returns>
    public ValueTask<RowFate[]> WriteAsync(IReadOnlyList<(Guid Id, FileRecord Record)> rows, CancellationToken cancellationToken) =>
        database.ExecuteAsync(static (connection, state, token) => state.Item1.WriteAsync(connection, state.rows, token), (this, rows), cancellationToken);

    private async ValueTask<RowFate[]> WriteAsync(
        NpgsqlConnection connection, IReadOnlyList<(Guid Id, FileRecord Record)> rows, CancellationToken cancellationToken)
    {
        _isKeyed = _isKeyed || await IsKeyedAsync(connection, cancellationToken).ConfigureAwait(false);

        // Each statement must see what was committed before it began, whatever the database's or the role's default is.
        var transaction = await connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellationToken).ConfigureAwait(false);
        await using (transaction.ConfigureAwait(false))
        {
            await PrepareAsync(connection, cancellationToken).ConfigureAwait(false);
            var fates = new RowFate[rows.Count];
            var inserted = await InsertAsync(connection, rows, cancellationToken).ConfigureAwait(false);
            for (var at = 0; at < rows.Count; at++)
            {
                fates[at] = inserted.Remove(rows[at].Id) ? RowFate.Imported : RowFate.Refused;
            }

            if (rows.Count > fates.Count(fate => fate == RowFate.Imported))
            {
                await LookAsync(connection, rows, fates, cancellationToken).ConfigureAwait(false);
            }

            await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
            return fates;
        }
    }

    private async Task PrepareAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        using var batch = database.CreateBatch(connection);
        batch.Timeout = LimitSeconds;
        batch.BatchCommands.Add(new NpgsqlBatchCommand(Limit));
        batch.BatchCommands.Add(new NpgsqlBatchCommand(ImportSql.Lock) { Parameters = { PgParameter.Bigint(table.LockKey) } });
        _ = await batch.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
    }

    private async Task<bool> IsKeyedAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        using var command = database.CreateCommand(connection, _sql.IsKeyed);
        return await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false) is true;
    }

    private async Task<HashSet<Guid>> InsertAsync(
        NpgsqlConnection connection, IReadOnlyList<(Guid Id, FileRecord Record)> rows, CancellationToken cancellationToken)
    {
        var inserted = new HashSet<Guid>();
        using var command = CreateCommand(connection, _isKeyed ? _sql.Insert : _sql.InsertUnkeyed, rows);
        var reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        await using (reader.ConfigureAwait(false))
        {
            while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
            {
                _ = inserted.Add(reader.GetGuid(0));
            }
        }

        return inserted;
    }

    /// <summary>Looks what the table has under the ids that did not go in.</summary>
    private async Task LookAsync(
        NpgsqlConnection connection, IReadOnlyList<(Guid Id, FileRecord Record)> rows, RowFate[] fates, CancellationToken cancellationToken)
    {
        int[] places = [.. Enumerable.Range(0, rows.Count).Where(at => fates[at] == RowFate.Refused)];
        using var command = CreateCommand(connection, _sql.FindKnown, [.. places.Select(at => rows[at])]);
        var reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        await using (reader.ConfigureAwait(false))
        {
            while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
            {
                var place = places[(int)reader.GetInt64(0) - 1];
                var isSame = Enumerable.Range(1, table.Columns.Count - 1).All(reader.GetBoolean);
                fates[place] = isSame || fates[place] == RowFate.Existing ? RowFate.Existing : RowFate.Different;
            }
        }
    }

    private NpgsqlCommand CreateCommand(NpgsqlConnection connection, string sql, IReadOnlyList<(Guid Id, FileRecord Record)> rows)
    {
        var command = database.CreateCommand(connection, sql);
        command.CommandTimeout = LimitSeconds;
        command.Parameters.Add(PgParameter.Uuids([.. rows.Select(row => row.Id)]));
        for (var column = 1; column < table.Columns.Count; column++)
        {
            var at = column;
            command.Parameters.Add(PgParameter.Texts([.. rows.Select(row => row.Record.Values![at])]));
        }

        return command;
    }
}
