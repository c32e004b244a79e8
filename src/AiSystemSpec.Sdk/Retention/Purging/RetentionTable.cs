using System.Data;
using AiSystemSpec.Sdk.Connections;
using AiSystemSpec.Sdk.Persistence;
using Npgsql;
using NpgsqlTypes;

namespace AiSystemSpec.Sdk.Retention.Purging;

/// <summary>Runs the statements of rules. Each is a transaction of its own, and each may be repeated.</summary>
/// <param name="database">The database.</param>
/// <param name="findLimit">How many rows are found at once.</param>
internal sealed class RetentionTable(Database database, int findLimit = RetentionTable.DefaultFindLimit)
{
    /// <summary>About 2 MB of places and ids, and one reading of a table that has no index for it.</summary>
    public const int DefaultFindLimit = 50_000;

    private const string Clock = "SELECT pg_catalog.now()";

    // While someone changes the table's definition, a purge gives up instead of waiting; the setting ends with its transaction.
    private const string LimitLockWait = "SELECT pg_catalog.set_config('lock_timeout', '500ms', true)";

    // Reading a large table once, without an index: nobody waits for it.
    private const int ReadTimeoutSeconds = 600;

    public ValueTask<DateTimeOffset> ReadClockAsync(CancellationToken cancellationToken) =>
        database.ExecuteAsync(
            static async (connection, database, token) =>
            {
                using var command = database.CreateCommand(connection, Clock);
                var (_, now) = await command.ReadMomentAsync(token).ConfigureAwait(false);
                return now!.Value;
            },
            database,
            cancellationToken);

    public ValueTask<long> CountAsync(RetentionRule rule, CancellationToken cancellationToken) =>
        database.ExecuteAsync(static (connection, rule, token) => CountAsync(connection, rule, token), rule, cancellationToken);

    public ValueTask<FoundRows> FindAsync(RetentionRule rule, RowPosition? from, CancellationToken cancellationToken) =>
        database.ExecuteAsync(
            static (connection, state, token) => FindAsync(connection, state.rule, state.from, state.findLimit, token), (rule, from, findLimit), cancellationToken);

    /// <summary>Deletes found rows, in one transaction.</summary>
    /// <returns>How many were still to be deleted.</returns>
    public ValueTask<int> DeleteAsync(RetentionRule rule, FoundRow[] rows, CancellationToken cancellationToken) =>
        database.ExecuteAsync(
            static (connection, state, token) => DeleteAsync(state.database, connection, state.rule, state.rows, token), (database, rule, rows), cancellationToken);

    private static async ValueTask<long> CountAsync(NpgsqlConnection connection, RetentionRule rule, CancellationToken cancellationToken)
    {
        using var batch = CreateBatch(connection, ReadTimeoutSeconds, out var command);
        command.CommandText = rule.CountSql;
        AddRule(command.Parameters, rule);
        var reader = await batch.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        await using (reader.ConfigureAwait(false))
        {
            _ = await reader.NextResultAsync(cancellationToken).ConfigureAwait(false);
            _ = await reader.ReadAsync(cancellationToken).ConfigureAwait(false);
            return reader.GetInt64(0);
        }
    }

    private static async ValueTask<FoundRows> FindAsync(
        NpgsqlConnection connection, RetentionRule rule, RowPosition? from, int limit, CancellationToken cancellationToken)
    {
        using var batch = CreateBatch(connection, ReadTimeoutSeconds, out var command);
        command.CommandText = rule.FindSql(from is not null, limit);
        AddRule(command.Parameters, rule);
        if (from is not null)
        {
            command.Parameters.Add(PgParameter.Moment(from.Moment));
            command.Parameters.Add(PgParameter.Uuid(from.Id));
        }

        var rows = new List<FoundRow>();
        RowPosition? next = null;
        var reader = await batch.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        await using (reader.ConfigureAwait(false))
        {
            _ = await reader.NextResultAsync(cancellationToken).ConfigureAwait(false);
            while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
            {
                rows.Add(new FoundRow(reader.GetFieldValue<NpgsqlTid>(0), reader.GetGuid(1)));
                if (rows.Count == limit)
                {
                    next = new RowPosition(reader.GetFieldValue<long>(2), rows[^1].Id);
                }
            }
        }

        return new FoundRows(rows, next);
    }

    private static async ValueTask<int> DeleteAsync(
        Database database, NpgsqlConnection connection, RetentionRule rule, FoundRow[] rows, CancellationToken cancellationToken)
    {
        // Read committed, whatever the database's default: a row that was changed meanwhile is looked at again, and not an error.
        var transaction = await connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellationToken).ConfigureAwait(false);
        await using (transaction.ConfigureAwait(false))
        {
            var deleted = await DeleteInTransactionAsync(database, connection, rule, rows, cancellationToken).ConfigureAwait(false);
            await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
            return deleted;
        }
    }

    private static async Task<int> DeleteInTransactionAsync(
        Database database, NpgsqlConnection connection, RetentionRule rule, FoundRow[] rows, CancellationToken cancellationToken)
    {
        using var batch = CreateBatch(connection, database.CommandTimeout, out var command);
        command.CommandText = rule.DeleteSql;
        command.Parameters.Add(PgParameter.Moment(rule.Before));
        command.Parameters.Add(PgParameter.Texts(Array.ConvertAll(rows, row => row.Place.ToString())));
        command.Parameters.Add(PgParameter.Uuids(Array.ConvertAll(rows, row => row.Id)));
        _ = await batch.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
        return (int)command.RecordsAffected;
    }

    /// <summary>One batch is one transaction; its second command is the caller's.</summary>
    private static NpgsqlBatch CreateBatch(NpgsqlConnection connection, int? timeoutSeconds, out NpgsqlBatchCommand command)
    {
        command = new NpgsqlBatchCommand();
        var batch = new NpgsqlBatch(connection) { BatchCommands = { new NpgsqlBatchCommand(LimitLockWait), command } };
        batch.Timeout = timeoutSeconds ?? batch.Timeout;
        return batch;
    }

    private static void AddRule(NpgsqlParameterCollection parameters, RetentionRule rule)
    {
        parameters.Add(PgParameter.Moment(rule.Before));
        if (rule.ScopeValue is { } value)
        {
            parameters.Add(value is string[] texts ? PgParameter.Texts(texts) : PgParameter.Text((string)value));
        }
    }
}
