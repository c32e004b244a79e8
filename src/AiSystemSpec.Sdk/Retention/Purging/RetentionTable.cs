using AiSystemSpec.Sdk.Connections;
using AiSystemSpec.Sdk.Wire;
using Npgsql;
using NpgsqlTypes;

namespace AiSystemSpec.Sdk.Retention.Purging;

/// <summary>Reads what the rules are about. Each statement is a transaction of its own, and each may be repeated.</summary>
/// <param name="database">The database.</param>
/// <param name="findLimit">How many rows are found at once.</param>
internal sealed class RetentionTable(Database database, int findLimit = RetentionTable.DefaultFindLimit)
{
    /// <summary>About 2 MB of places and ids, and one reading of a table that has no index for it.</summary>
    public const int DefaultFindLimit = 50_000;

    private const string Clock = "SELECT pg_catalog.now()";

    // While someone changes the table's definition, a purge gives up instead of waiting; the setting ends with its transaction.
    private const string LockLimit = "pg_catalog.set_config('lock_timeout', '500ms', true)";

    private const int RowsAtOnce = 1_000;

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
            static (connection, state, token) =>
                FindAsync(connection, state.rule, state.from, state.findLimit, token), (rule, from, findLimit), cancellationToken);

    private static async ValueTask<long> CountAsync(NpgsqlConnection connection, RetentionRule rule, CancellationToken cancellationToken)
    {
        using var batch = LongRead.CreateBatch(connection, LockLimit, out var command);
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
        using var batch = LongRead.CreateBatch(connection, LockLimit, out var command);
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
                if (rows.Count % RowsAtOnce == 0)
                {
                    await Task.Yield(); // they come faster than they are read: others' work on a small pool has its turn
                }

                if (rows.Count == limit)
                {
                    next = new RowPosition(reader.GetFieldValue<long>(2), rows[^1].Id);
                }
            }
        }

        return new FoundRows([.. rows], next);
    }

    /// <summary>One batch is one transaction; its second command is the caller's.</summary>
    public static NpgsqlBatch CreateBatch(NpgsqlConnection connection, int? timeoutSeconds, out NpgsqlBatchCommand command)
    {
        command = new NpgsqlBatchCommand();
        var batch = new NpgsqlBatch(connection) { BatchCommands = { new NpgsqlBatchCommand($"SELECT {LockLimit}"), command } };
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
