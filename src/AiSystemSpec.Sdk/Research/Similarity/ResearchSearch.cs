using System.Data;
using System.Globalization;
using AiSystemSpec.Sdk.Connections;
using AiSystemSpec.Sdk.Paging;
using AiSystemSpec.Sdk.Research.Table;
using AiSystemSpec.Sdk.Research.Topics;
using AiSystemSpec.Sdk.Wire;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace AiSystemSpec.Sdk.Research.Similarity;

/// <summary>
/// Searches over pg_trgm, wherever the extension's schema is: its operator is qualified, its threshold set for the one transaction.
/// </summary>
internal sealed class ResearchSearch(Database database, AiSystemSpecOptions defaults) : IResearchSearch
{
    private readonly TopicRules _topics = new(defaults.TopicNormalizer, NullLogger.Instance); // the cache says what is to be said

    public async Task<IReadOnlyList<SimilarResearch>> FindSimilarAsync(
        string topic, SimilarityOptions? options = null, CancellationToken cancellationToken = default)
    {
        topic = _topics.Apply(topic, nameof(topic));
        options ??= new SimilarityOptions();
        Freshness.ThrowIfNotPositive(options.MaxAge, nameof(options));
        KeysetQuery.ThrowIfOutOfRange(options.Limit, nameof(options));
        if (!(options.MinSimilarity is > 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(options), options.MinSimilarity, "SimilarityOptions.MinSimilarity is out of range. Give a similarity of more than 0, up to 1.");
        }

        return await database.ExecuteAsync(
            static (connection, state, token) => state.Item1.FindAsync(connection, state.topic, state.MinSimilarity, state.age, state.Limit, token),
            (this, topic, options.MinSimilarity, age: options.MaxAge ?? defaults.MaxAge, options.Limit),
            cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask<IReadOnlyList<SimilarResearch>> FindAsync(
        NpgsqlConnection connection, string topic, double minSimilarity, TimeSpan age, int limit, CancellationToken cancellationToken)
    {
        var schema = await FindExtensionAsync(database, connection, cancellationToken).ConfigureAwait(false);
        var transaction = await connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellationToken).ConfigureAwait(false);
        await using (transaction.ConfigureAwait(false))
        {
            using (var threshold = database.CreateCommand(connection, SimilaritySql.SetThreshold))
            {
                threshold.Parameters.Add(PgParameter.Text(minSimilarity.ToString(CultureInfo.InvariantCulture)));
                _ = await threshold.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
            }

            using var command = database.CreateCommand(connection, SimilaritySql.Find(schema));
            command.Parameters.Add(PgParameter.Text(topic));
            command.Parameters.Add(PgParameter.Text(ResearchEntry.SystemTopic));
            var fresh = await ReadFreshAsync(command, age, cancellationToken).ConfigureAwait(false);
            return await ReadEntriesAsync(connection, fresh, limit, cancellationToken).ConfigureAwait(false);
        }
    }

    private static async Task<List<(Guid Id, double Similarity)>> ReadFreshAsync(NpgsqlCommand command, TimeSpan age, CancellationToken cancellationToken)
    {
        var fresh = new List<(Guid, double)>();
        var reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        await using (reader.ConfigureAwait(false))
        {
            while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
            {
                if (Freshness.IsFresh(reader.GetMoment(1), reader.GetMoment(3), age))
                {
                    fresh.Add((reader.GetGuid(0), reader.GetFloat(2)));
                }
            }
        }

        return fresh;
    }

    /// <summary>Reads the contents of as many rows as are wanted, and of further ones only in place of those that are blank.</summary>
    private async Task<IReadOnlyList<SimilarResearch>> ReadEntriesAsync(
        NpgsqlConnection connection, List<(Guid Id, double Similarity)> fresh, int limit, CancellationToken cancellationToken)
    {
        var found = new List<SimilarResearch>();
        foreach (var part in fresh.Chunk(limit))
        {
            var entries = await ReadEntriesAsync(connection, Array.ConvertAll(part, row => row.Id), cancellationToken).ConfigureAwait(false);
            foreach (var (id, similarity) in part)
            {
                if (entries.TryGetValue(id, out var entry) && !Freshness.IsBlank(entry.Content))
                {
                    found.Add(new SimilarResearch { Entry = entry, Similarity = similarity });
                }
            }

            if (found.Count >= limit)
            {
                break;
            }
        }

        return [.. found.Take(limit)];
    }

    private async Task<Dictionary<Guid, ResearchEntry>> ReadEntriesAsync(
        NpgsqlConnection connection, Guid[] ids, CancellationToken cancellationToken)
    {
        var entries = new Dictionary<Guid, ResearchEntry>(ids.Length);
        using var command = database.CreateCommand(connection, SimilaritySql.Read);
        command.Parameters.Add(PgParameter.Uuids(ids));
        var reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        await using (reader.ConfigureAwait(false))
        {
            while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
            {
                var entry = new ResearchEntry
                {
                    Id = reader.GetGuid(0),
                    Topic = reader.GetString(1),
                    Content = reader.GetTextOrNull(2),
                    CreatedAt = reader.GetMomentOrNull(3),
                };
                entries[entry.Id] = entry;
            }
        }

        return entries;
    }

    private static async Task<string> FindExtensionAsync(
        Database database, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        using var command = database.CreateCommand(connection, SimilaritySql.FindExtension);
        return await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false) as string
            ?? throw new InvalidOperationException(
                "Searching by similarity needs the PostgreSQL extension pg_trgm, which this database does not have. Run 'aispec migrate --with-similarity', or CREATE EXTENSION pg_trgm.");
    }
}
