using AiSystemSpec.Sdk.Connections;
using Npgsql;
using NpgsqlTypes;

namespace AiSystemSpec.Sdk.Runs.Writing;

/// <summary>Writes rows into <c>pipeline_runs</c> so that each is there once, however often it is sent, with a primary key on the table or without.</summary>
internal sealed class RunTable(Database database)
{
    // Only the good answer is kept: a key may be added at any time.
    private volatile bool _isKeyed;

    /// <summary>Writes many rows, all or none.</summary>
    /// <returns>The rows whose id the table has with other content: they are not written.</returns>
    public async Task<IReadOnlyList<StoredRow>> WriteAsync(NpgsqlConnection connection, IReadOnlyList<StoredRow> rows, CancellationToken cancellationToken)
    {
        var isKeyed = await IsKeyedAsync(connection, cancellationToken).ConfigureAwait(false);
        if (isKeyed && !rows.Any(row => row.MayExist))
        {
            try
            {
                await CopyAsync(connection, rows, cancellationToken).ConfigureAwait(false);
                return [];
            }
            catch (PostgresException exception) when (string.Equals(exception.SqlState, PostgresErrorCodes.UniqueViolation, StringComparison.Ordinal))
            {
                // COPY knows no ON CONFLICT, and wrote nothing.
            }
        }

        return await InsertMissingAsync(connection, rows, isKeyed, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Writes one row.</summary>
    /// <returns>The row's <c>created_at</c>.</returns>
    /// <exception cref="InvalidOperationException">The table has the id with other content.</exception>
    public async ValueTask<DateTimeOffset?> WriteAsync(NpgsqlConnection connection, StoredRow row, CancellationToken cancellationToken)
    {
        var isKeyed = await IsKeyedAsync(connection, cancellationToken).ConfigureAwait(false);
        if (isKeyed && await InsertAsync(connection, row, cancellationToken).ConfigureAwait(false) is { } inserted)
        {
            return inserted;
        }

        var different = await InsertMissingAsync(connection, [row], isKeyed, cancellationToken).ConfigureAwait(false);
        if (different.Count > 0)
        {
            throw new InvalidOperationException(
                $"pipeline_runs has a row with the id {row.Id} and other content. Give each entry an id of its own, or leave RunLogEntry.Id null to have one made.");
        }

        using var find = database.CreateCommand(connection, RunSql.FindCreatedAt);
        find.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = row.Id });
        return ToOffset(await find.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false));
    }

    /// <summary>Infinities come without a kind, and would be taken for local time.</summary>
    private static DateTimeOffset? ToOffset(object? value) => value is DateTime moment
        ? new DateTimeOffset(moment.Kind == DateTimeKind.Unspecified ? DateTime.SpecifyKind(moment, DateTimeKind.Utc) : moment)
        : null;

    private async Task<DateTimeOffset?> InsertAsync(NpgsqlConnection connection, StoredRow row, CancellationToken cancellationToken)
    {
        using var command = database.CreateCommand(connection, row.CreatedAt is null ? RunSql.Insert : RunSql.InsertAt);
        RowParameters.AddRow(command.Parameters, row);
        return ToOffset(await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false));
    }

    private async Task CopyAsync(NpgsqlConnection connection, IReadOnlyList<StoredRow> rows, CancellationToken cancellationToken)
    {
        var import = await connection.BeginBinaryImportAsync(RunSql.Copy, cancellationToken).ConfigureAwait(false);
        await using (import.ConfigureAwait(false))
        {
            if (database.CommandTimeout is { } seconds)
            {
                import.Timeout = TimeSpan.FromSeconds(seconds);
            }

            foreach (var row in rows)
            {
                await WriteAsync(import, row, cancellationToken).ConfigureAwait(false);
            }

            _ = await import.CompleteAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private static async ValueTask WriteAsync(NpgsqlBinaryImporter import, StoredRow row, CancellationToken cancellationToken)
    {
        await import.StartRowAsync(cancellationToken).ConfigureAwait(false);
        await import.WriteAsync(row.Id, NpgsqlDbType.Uuid, cancellationToken).ConfigureAwait(false);
        await import.WriteAsync(row.RunId, NpgsqlDbType.Text, cancellationToken).ConfigureAwait(false);
        await import.WriteAsync(row.Stage, NpgsqlDbType.Text, cancellationToken).ConfigureAwait(false);
        await import.WriteAsync(row.Status, NpgsqlDbType.Text, cancellationToken).ConfigureAwait(false);
        await import.WriteAsync(row.Attempts, NpgsqlDbType.Integer, cancellationToken).ConfigureAwait(false);
        await WriteAsync(import, row.InputRefs, NpgsqlDbType.Jsonb, cancellationToken).ConfigureAwait(false);
        await WriteAsync(import, row.OutputRefs, NpgsqlDbType.Jsonb, cancellationToken).ConfigureAwait(false);
        await WriteAsync(import, row.ErrorSummary, NpgsqlDbType.Text, cancellationToken).ConfigureAwait(false);
        await WriteAsync(import, row.Metrics, NpgsqlDbType.Jsonb, cancellationToken).ConfigureAwait(false);
        await import.WriteAsync(row.CreatedAt!.Value, NpgsqlDbType.TimestampTz, cancellationToken).ConfigureAwait(false);
    }

    private static Task WriteAsync<T>(NpgsqlBinaryImporter import, T? value, NpgsqlDbType type, CancellationToken cancellationToken)
        where T : class =>
        value is null ? import.WriteNullAsync(cancellationToken) : import.WriteAsync(value, type, cancellationToken);

    private async Task<IReadOnlyList<StoredRow>> InsertMissingAsync(
        NpgsqlConnection connection, IReadOnlyList<StoredRow> rows, bool isKeyed, CancellationToken cancellationToken)
    {
        // One batch is one transaction, in which each statement sees what was committed before it began.
        using var batch = new NpgsqlBatch(connection);
        batch.Timeout = database.CommandTimeout ?? batch.Timeout;
        if (!isKeyed)
        {
            batch.BatchCommands.Add(new NpgsqlBatchCommand(RunSql.TakeTurn));
        }

        var insert = new NpgsqlBatchCommand(RunSql.InsertMissing);
        RowParameters.AddRows(insert.Parameters, rows);
        batch.BatchCommands.Add(insert);
        var find = new NpgsqlBatchCommand(RunSql.FindDifferent);
        RowParameters.AddRows(find.Parameters, rows);
        batch.BatchCommands.Add(find);
        batch.BatchCommands.Add(new NpgsqlBatchCommand(RunSql.WaitForStandby));

        var different = new List<StoredRow>();
        var reader = await batch.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        await using (reader.ConfigureAwait(false))
        {
            if (!isKeyed)
            {
                _ = await reader.NextResultAsync(cancellationToken).ConfigureAwait(false);
            }

            while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
            {
                different.Add(rows[(int)reader.GetInt64(0) - 1]);
            }
        }

        return different;
    }

    private async ValueTask<bool> IsKeyedAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        if (!_isKeyed)
        {
            using var command = database.CreateCommand(connection, RunSql.IsKeyed);
            _isKeyed = await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false) is true;
        }

        return _isKeyed;
    }
}
