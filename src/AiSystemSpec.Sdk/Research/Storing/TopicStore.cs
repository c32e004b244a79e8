using System.Runtime.CompilerServices;
using AiSystemSpec.Sdk.Connections;
using AiSystemSpec.Sdk.Wire;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace AiSystemSpec.Sdk.Research.Storing;

/// <summary>
/// Writes rows of <c>research_cache</c> on every shape of the table. Without a UNIQUE index on topic a row is appended; with one, the
/// topic's row is refreshed. The shape is learnt when an insert does not do, and kept: an upsert that names the index is atomic, where
/// "insert, else update" returns no row in a race.
/// </summary>
internal sealed class TopicStore(Database database, ILogger logger)
{
    private const int MaxAttempts = 5;
    private const int BatchSize = 100;

    private readonly StoreAdvice _advice = new(database, logger);
    private volatile StoreShape _shape = StoreShape.Canonical;

    /// <summary>Stores one row; its id makes a repetition harmless.</summary>
    public ValueTask<ResearchEntry> SaveAsync(string topic, string content, CancellationToken cancellationToken)
    {
        var entry = new ResearchEntry { Id = Guid.CreateVersion7(), Topic = topic, Content = content };
        return database.ExecuteAsync(
            static (connection, state, token) => state.Item1.SaveAsync(connection, state.entry, token), (this, entry), cancellationToken);
    }

    /// <summary>Stores many rows, in batches; on a table that takes no plain rows one by one.</summary>
    public async ValueTask SaveAsync(IReadOnlyList<ResearchEntry> entries, CancellationToken cancellationToken)
    {
        foreach (var block in entries.Chunk(BatchSize))
        {
            _ = await database.ExecuteAsync(
                static (connection, state, token) =>
                    state.Item1.SaveAsync(connection, state.block, token), (this, block), cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>A batch has no transaction of its own to begin and end: it is one where nothing else was said.</summary>
    private async ValueTask<int> SaveAsync(NpgsqlConnection connection, ResearchEntry[] entries, CancellationToken cancellationToken)
    {
        var isSaved = _shape == StoreShape.Canonical && await TryAppendAsync(connection, entries, cancellationToken).ConfigureAwait(false);
        foreach (var entry in isSaved ? [] : entries)
        {
            _ = await SaveAsync(connection, entry, cancellationToken).ConfigureAwait(false);
        }

        return entries.Length;
    }

    /// <summary>Appends all rows or none.</summary>
    /// <returns>Whether all stand in the table as they were given.</returns>
    private async Task<bool> TryAppendAsync(NpgsqlConnection connection, ResearchEntry[] entries, CancellationToken cancellationToken)
    {
        using var batch = database.CreateBatch(connection);
        foreach (var entry in entries)
        {
            var append = new NpgsqlBatchCommand(StoreShape.Canonical.Sql);
            AddParameters(append.Parameters, entry);
            batch.BatchCommands.Add(append);
        }

        try
        {
            var reader = await batch.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
            await using (reader.ConfigureAwait(false))
            {
                var isSaved = true;
                foreach (var entry in entries)
                {
                    isSaved = await reader.ReadAsync(cancellationToken).ConfigureAwait(false) && Read(reader, entry) == StoredAs.Given && isSaved;
                    _ = await reader.NextResultAsync(cancellationToken).ConfigureAwait(false);
                }

                return isSaved;
            }
        }
        catch (PostgresException exception) when (IsShapeError(exception))
        {
            return false;
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<ResearchEntry> SaveAsync(NpgsqlConnection connection, ResearchEntry entry, CancellationToken cancellationToken)
    {
        PostgresException? refusal = null;
        for (var attempt = 1; attempt <= MaxAttempts; attempt++)
        {
            var shape = _shape;
            refusal = null;
            try
            {
                var storing = shape.IsRefreshing
                    ? RefreshAsync(connection, shape.Sql, entry, cancellationToken)
                    : AppendAsync(connection, shape.Sql, entry, cancellationToken);
                switch (await storing.ConfigureAwait(false))
                {
                    case StoredAs.Given:
                        return entry;
                    case StoredAs.Changed:
                        await _advice.JudgeAsync(connection, entry, hasOtherTopic: false, cancellationToken).ConfigureAwait(false);
                        return entry;
                    case StoredAs.OtherTopic:
                        await _advice.JudgeAsync(connection, entry, hasOtherTopic: true, cancellationToken).ConfigureAwait(false);
                        return entry;
                }
            }
            catch (PostgresException exception) when (IsShapeError(exception))
            {
                refusal = exception;
            }

            if (await TryFindAsync(connection, entry, cancellationToken).ConfigureAwait(false))
            {
                return entry;
            }

            _shape = await StoreShape.LearnAsync(database, connection, refusal?.ConstraintName, cancellationToken).ConfigureAwait(false);
            if (_shape == shape && !shape.MayRace)
            {
                break; // it would be the same again
            }
        }

        var table = await TableDescription.ReadAsync(database, connection, cancellationToken).ConfigureAwait(false);
        throw new InvalidOperationException(
            $"The entry was not stored: research_cache refused the row, or took it and kept nothing. On the table there is {table.Refusers ?? "no trigger, rule or further unique index"}; "
            + "let it accept every row that the schema's table would take.",
            refusal);
    }

    /// <summary>
    /// Whether the table is not as it was thought to be. 42P10: the index is gone. 23505: another one is there, or this very row is
    /// stored already. 55000 and 0A000: a deferrable constraint or a rule does not go with ON CONFLICT.
    /// </summary>
    private static bool IsShapeError(PostgresException exception) => exception.SqlState
        is PostgresErrorCodes.InvalidColumnReference or PostgresErrorCodes.UniqueViolation
        or PostgresErrorCodes.ObjectNotInPrerequisiteState or PostgresErrorCodes.FeatureNotSupported;

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<StoredAs> AppendAsync(
        NpgsqlConnection connection, string sql, ResearchEntry entry, CancellationToken cancellationToken)
    {
        using var command = database.CreateCommand(connection, sql);
        AddParameters(command.Parameters, entry);
        var reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        await using (reader.ConfigureAwait(false))
        {
            return await reader.ReadAsync(cancellationToken).ConfigureAwait(false) ? Read(reader, entry) : StoredAs.Nothing;
        }
    }

    /// <summary>Runs a statement that updates rows in a transaction of the isolation that it rests on, in one round trip.</summary>
    private async ValueTask<StoredAs> RefreshAsync(
        NpgsqlConnection connection, string sql, ResearchEntry entry, CancellationToken cancellationToken)
    {
        using var batch = database.CreateBatch(connection);
        var refresh = new NpgsqlBatchCommand(sql);
        AddParameters(refresh.Parameters, entry);
        batch.BatchCommands.Add(new NpgsqlBatchCommand("BEGIN ISOLATION LEVEL READ COMMITTED"));
        batch.BatchCommands.Add(refresh);
        batch.BatchCommands.Add(new NpgsqlBatchCommand("COMMIT"));
        try
        {
            var reader = await batch.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
            await using (reader.ConfigureAwait(false))
            {
                var stored = await reader.ReadAsync(cancellationToken).ConfigureAwait(false) ? Read(reader, entry) : StoredAs.Nothing;
                while (await reader.NextResultAsync(cancellationToken).ConfigureAwait(false))
                {
                    // To the end of the commit, which may fail, too.
                }

                return stored;
            }
        }
        catch (PostgresException)
        {
            using var rollback = database.CreateCommand(connection, "ROLLBACK"); // without effect where the commit itself failed
            _ = await rollback.ExecuteNonQueryAsync(CancellationToken.None).ConfigureAwait(false);
            throw;
        }
    }

    private static void AddParameters(NpgsqlParameterCollection parameters, ResearchEntry entry)
    {
        parameters.Add(PgParameter.Uuid(entry.Id));
        parameters.Add(PgParameter.Text(entry.Topic));
        parameters.Add(PgParameter.Text(entry.Content));
        parameters.Add(PgParameter.Text(StoredLook.Beginning(entry.Content!)));
    }

    /// <summary>Reads what stands in the table, and judges it by the topic, the content's length and beginning, and the moment.</summary>
    private static StoredAs Read(NpgsqlDataReader reader, ResearchEntry entry)
    {
        entry.Id = reader.GetGuid(0);
        entry.CreatedAt = reader.GetMomentOrNull(1);
        var topic = reader.GetTextOrNull(2);
        if (!string.Equals(topic, entry.Topic, StringComparison.Ordinal))
        {
            entry.Topic = topic ?? entry.Topic;
            return StoredAs.OtherTopic;
        }

        return StoredLook.IsContent(reader, entry.Content!) && StoredLook.IsOfNow(reader, entry.CreatedAt) ? StoredAs.Given : StoredAs.Changed;
    }

    /// <summary>Finds the row where it is stored already, and this is a repetition.</summary>
    private async Task<bool> TryFindAsync(NpgsqlConnection connection, ResearchEntry entry, CancellationToken cancellationToken)
    {
        using var command = database.CreateCommand(connection, StoreSql.FindById);
        command.Parameters.Add(PgParameter.Uuid(entry.Id));
        var reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        await using (reader.ConfigureAwait(false))
        {
            if (!await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
            {
                return false;
            }

            entry.CreatedAt = reader.GetMomentOrNull(1);
            return true;
        }
    }
}
