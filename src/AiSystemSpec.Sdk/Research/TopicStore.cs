using AiSystemSpec.Sdk.Connections;
using AiSystemSpec.Sdk.Persistence;
using Npgsql;

namespace AiSystemSpec.Sdk.Research;

/// <summary>
/// Writes rows of <c>research_cache</c> on both shapes of the table. Without a UNIQUE index on topic a row is appended; with one, the topic's
/// row is refreshed. The shape is learnt when an insert does not do, and kept: an upsert that names the index is atomic,
/// where "insert, else update" returns no row in a race.
/// </summary>
internal sealed class TopicStore(Database database)
{
    private const int MaxAttempts = 3;

    private volatile string _storeSql = ResearchSql.Append;

    /// <summary>Stores one row; its id makes a repetition harmless.</summary>
    public ValueTask<ResearchEntry> StoreAsync(string topic, string content, CancellationToken cancellationToken)
    {
        var entry = new ResearchEntry { Id = Guid.CreateVersion7(), Topic = topic, Content = content };
        return database.ExecuteAsync(
            static (connection, state, token) => state.Item1.StoreAsync(connection, state.entry, token), (this, entry), cancellationToken);
    }

    private async ValueTask<ResearchEntry> StoreAsync(NpgsqlConnection connection, ResearchEntry entry, CancellationToken cancellationToken)
    {
        for (var attempt = 1; attempt <= MaxAttempts; attempt++)
        {
            try
            {
                if (await TryStoreAsync(connection, _storeSql, entry, cancellationToken).ConfigureAwait(false)
                    || await TryStoreAsync(connection, ResearchSql.FindById, entry, cancellationToken).ConfigureAwait(false))
                {
                    return entry;
                }
            }
            catch (PostgresException exception) when (IsShapeError(exception) && attempt < MaxAttempts)
            {
                // 42P10: the index is gone. 23505: another one is there, or this very row is stored already.
                if (await TryStoreAsync(connection, ResearchSql.FindById, entry, cancellationToken).ConfigureAwait(false))
                {
                    return entry;
                }
            }

            _storeSql = await LearnShapeAsync(connection, cancellationToken).ConfigureAwait(false);
        }

        throw new InvalidOperationException(
            "The research was not stored: research_cache has a unique index or rule that refuses the row and is not on topic alone. Look at the table's indexes, triggers and rules.");
    }

    private static bool IsShapeError(PostgresException exception) =>
        exception.SqlState is PostgresErrorCodes.InvalidColumnReference or PostgresErrorCodes.UniqueViolation;

    /// <summary>Runs a statement that takes the entry and returns the id and moment of its row, if there is one.</summary>
    private async Task<bool> TryStoreAsync(NpgsqlConnection connection, string sql, ResearchEntry entry, CancellationToken cancellationToken)
    {
        using var command = database.CreateCommand(connection, sql);
        command.Parameters.Add(PgParameter.Uuid(entry.Id));
        if (!ReferenceEquals(sql, ResearchSql.FindById))
        {
            command.Parameters.Add(PgParameter.Text(entry.Topic));
            command.Parameters.Add(PgParameter.Text(entry.Content));
        }

        var reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        await using (reader.ConfigureAwait(false))
        {
            if (!await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
            {
                return false;
            }

            entry.Id = reader.GetGuid(0);
            entry.CreatedAt = reader.GetMomentOrNull(1);
            return true;
        }
    }

    private async Task<string> LearnShapeAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        using var command = database.CreateCommand(connection, ResearchSql.UniqueTopicIndexes);
        var reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        await using (reader.ConfigureAwait(false))
        {
            if (!await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
            {
                return ResearchSql.Append;
            }

            var key = reader.GetString(0);
            var isExpression = reader.GetBoolean(2);
            return ResearchSql.Refresh(isExpression ? $"({key})" : key, reader.IsDBNull(1) ? null : reader.GetString(1));
        }
    }
}
