using AiSystemSpec.Sdk.Connections;
using AiSystemSpec.Sdk.Paging;
using AiSystemSpec.Sdk.Wire;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace AiSystemSpec.Sdk.Research.Table;

/// <summary>Reads rows of <c>research_cache</c>: looking up is SQL, everything else goes over the EF model.</summary>
internal sealed class TopicReader(Database database)
{
    private readonly TopicIndex _index = new();
    private volatile bool _isDistributed;

    /// <summary>Sees the topic's newest dated entry, whatever its age and content.</summary>
    public ValueTask<Observation?> LookAsync(string topic, CancellationToken cancellationToken) =>
        database.ExecuteAsync(
            static async (connection, state, token) =>
            {
                var isIndexed = await state._index.IsThereAsync(state.database, connection, token).ConfigureAwait(false);
                return await LookAsync(state.database, connection, state.topic, isIndexed, token).ConfigureAwait(false);
            },
            (database, _index, topic),
            cancellationToken);

    /// <summary>
    /// The same on a given connection: tests run it inside the transaction that inserted the row, where <c>now()</c> stands still.
    /// </summary>
    public static async ValueTask<Observation?> LookAsync(
        Database database, NpgsqlConnection connection, string topic, bool isIndexed, CancellationToken cancellationToken)
    {
        using var command = database.CreateCommand(connection, ResearchSql.LookUp(topic, isIndexed));
        command.Parameters.Add(PgParameter.Text(topic));
        var reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        await using (reader.ConfigureAwait(false))
        {
            return await reader.ReadAsync(cancellationToken).ConfigureAwait(false) ? Read(reader, topic, firstColumn: 0) : null;
        }
    }

    /// <summary>Sees many topics in one round trip; the result has their places, null where there is no dated entry.</summary>
    public ValueTask<Observation?[]> LookAsync(string[] topics, CancellationToken cancellationToken) =>
        database.ExecuteAsync(static (connection, state, token) => state.Item1.LookAsync(connection, state.topics, token), (this, topics), cancellationToken);

    /// <summary>Sees the topic's newest dated entry, and where there is none also one without a moment.</summary>
    /// <param name="topic">The topic.</param>
    /// <param name="expectsDated">Whether there probably is a dated one; where not, both questions take one round trip.</param>
    /// <param name="cancellationToken">Cancels the look.</param>
    public ValueTask<(Observation? Dated, ResearchEntry? Newest)> LookForAllAsync(string topic, bool expectsDated, CancellationToken cancellationToken) =>
        database.ExecuteAsync(
            static (connection, state, token) => state.Item1.LookForAllAsync(connection, state.topic, state.expectsDated, token),
            (this, topic, expectsDated),
            cancellationToken);

    /// <summary>The newest entry in the schema's order, so one without a moment where there is no other.</summary>
    public async ValueTask<ResearchEntry?> GetLatestAsync(string topic, CancellationToken cancellationToken)
    {
        var dated = await LookAsync(topic, cancellationToken).ConfigureAwait(false);
        return dated is not null
            ? dated.Entry
            : await database.ExecuteAsync(
                static (connection, state, token) => LookUndatedAsync(state.database, connection, state.topic, token), (database, topic), cancellationToken).ConfigureAwait(false);
    }

    public IAsyncEnumerable<ResearchEntry> EnumerateAsync(string topic, DateTimeOffset? since, CancellationToken cancellationToken) =>
        KeysetQuery.EnumerateAsync(
            database,
            context => since is { } from ? RowsOf(context, topic).Where(entry => entry.CreatedAt >= from) : RowsOf(context, topic),
            cancellationToken);

    private static IQueryable<ResearchEntry> RowsOf(AiSystemSpecDbContext context, string topic) =>
        context.ResearchCache.FromSqlRaw(ResearchSql.RowsOfTopic, topic).AsNoTracking();

    private static async ValueTask<ResearchEntry?> LookUndatedAsync(
        Database database, NpgsqlConnection connection, string topic, CancellationToken cancellationToken)
    {
        using var command = database.CreateCommand(connection, ResearchSql.LookUndated);
        command.Parameters.Add(PgParameter.Text(topic));
        var reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        await using (reader.ConfigureAwait(false))
        {
            return await reader.ReadAsync(cancellationToken).ConfigureAwait(false) ? ReadUndated(reader, topic) : null;
        }
    }

    private async ValueTask<(Observation? Dated, ResearchEntry? Newest)> LookForAllAsync(
        NpgsqlConnection connection, string topic, bool expectsDated, CancellationToken cancellationToken)
    {
        var isIndexed = await _index.IsThereAsync(database, connection, cancellationToken).ConfigureAwait(false);
        if (expectsDated)
        {
            var dated = await LookAsync(database, connection, topic, isIndexed, cancellationToken).ConfigureAwait(false);
            return (dated, dated?.Entry ?? await LookUndatedAsync(database, connection, topic, cancellationToken).ConfigureAwait(false));
        }

        using var batch = database.CreateBatch(connection);
        foreach (var sql in (ReadOnlySpan<string>)[ResearchSql.LookUp(topic, isIndexed), ResearchSql.LookUndated])
        {
            batch.BatchCommands.Add(new NpgsqlBatchCommand(sql) { Parameters = { PgParameter.Text(topic) } });
        }

        var reader = await batch.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        await using (reader.ConfigureAwait(false))
        {
            var dated = await reader.ReadAsync(cancellationToken).ConfigureAwait(false) ? Read(reader, topic, firstColumn: 0) : null;
            _ = await reader.NextResultAsync(cancellationToken).ConfigureAwait(false);
            var undated = dated is null && await reader.ReadAsync(cancellationToken).ConfigureAwait(false) ? ReadUndated(reader, topic) : null;
            return (dated, dated?.Entry ?? undated);
        }
    }

    private async ValueTask<Observation?[]> LookAsync(NpgsqlConnection connection, string[] topics, CancellationToken cancellationToken)
    {
        var isIndexed = await _index.IsThereAsync(database, connection, cancellationToken).ConfigureAwait(false);
        if (!_isDistributed)
        {
            try
            {
                return await LookAsync(connection, ResearchSql.LookUp(topics, isIndexed), topics, places: null, cancellationToken).ConfigureAwait(false);
            }
            catch (PostgresException exception) when (exception.SqlState is PostgresErrorCodes.FeatureNotSupported)
            {
                _isDistributed = true;
            }
        }

        var places = new Dictionary<string, int>(topics.Length, StringComparer.Ordinal);
        for (var place = 0; place < topics.Length; place++)
        {
            places[topics[place]] = place;
        }

        return await LookAsync(connection, ResearchSql.LookUpDistributed(topics, isIndexed), topics, places, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Runs a statement whose first column is the topic's ordinal, or the topic where places are given.</summary>
    private async Task<Observation?[]> LookAsync(
        NpgsqlConnection connection, string sql, string[] topics, Dictionary<string, int>? places, CancellationToken cancellationToken)
    {
        var found = new Observation?[topics.Length];
        using var command = database.CreateCommand(connection, sql);
        command.Parameters.Add(PgParameter.Texts(topics));
        var reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        await using (reader.ConfigureAwait(false))
        {
            while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
            {
                var index = (int)(places is null ? reader.GetInt64(0) - 1 : places.GetValueOrDefault(reader.GetString(0), -1)); // ordinality counts from 1
                if (index >= 0)
                {
                    found[index] = Read(reader, topics[index], firstColumn: 1);
                }
            }
        }

        return found;
    }

    private static ResearchEntry ReadUndated(NpgsqlDataReader reader, string topic) =>
        new() { Id = reader.GetGuid(0), Topic = topic, Content = reader.GetTextOrNull(1) };

    private static Observation Read(NpgsqlDataReader reader, string topic, int firstColumn) => new(
        new ResearchEntry
        {
            Id = reader.GetGuid(firstColumn),
            Topic = topic,
            Content = reader.GetTextOrNull(firstColumn + 1),
            CreatedAt = reader.GetMoment(firstColumn + 2),
        },
        reader.GetMoment(firstColumn + 3));
}
