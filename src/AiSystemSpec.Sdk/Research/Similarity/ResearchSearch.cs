using System.Data;
using System.Globalization;
using AiSystemSpec.Sdk.Connections;
using AiSystemSpec.Sdk.Paging;
using AiSystemSpec.Sdk.Persistence;
using AiSystemSpec.Sdk.Research.Topics;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace AiSystemSpec.Sdk.Research.Similarity;

/// <summary>Searches over pg_trgm, wherever the extension's schema is: its operator is qualified, its threshold set for the one transaction.</summary>
internal sealed class ResearchSearch(Database database, AiSystemSpecOptions options) : IResearchSearch
{
    private readonly TopicRules _topics = new(options.TopicNormalizer, NullLogger.Instance); // the cache says what is to be said

    public async Task<IReadOnlyList<SimilarResearch>> FindSimilarAsync(
        string topic,
        double minSimilarity = IResearchSearch.DefaultMinSimilarity,
        TimeSpan? maxAge = null,
        int limit = IResearchSearch.DefaultLimit,
        CancellationToken cancellationToken = default)
    {
        topic = _topics.Apply(topic, nameof(topic));
        Freshness.ThrowIfNotPositive(maxAge, nameof(maxAge));
        KeysetQuery.ThrowIfOutOfRange(limit, nameof(limit));
        if (!(minSimilarity is > 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(minSimilarity), minSimilarity, "Give a similarity of more than 0, up to 1.");
        }

        var found = await database.ExecuteAsync(
            static (connection, state, token) => FindAsync(state.database, connection, state.topic, state.minSimilarity, token),
            (database, topic, minSimilarity),
            cancellationToken).ConfigureAwait(false);
        var age = maxAge ?? options.FreshnessWindow;
        return [.. found.Where(match => !match.Seen.IsBlank && match.Seen.IsFresh(age)).Take(limit).Select(match => new SimilarResearch(match.Seen.Entry, match.Similarity))];
    }

    private static async ValueTask<List<(Observation Seen, double Similarity)>> FindAsync(
        Database database, NpgsqlConnection connection, string topic, double minSimilarity, CancellationToken cancellationToken)
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
            return await ReadAsync(command, cancellationToken).ConfigureAwait(false);
        }
    }

    private static async Task<List<(Observation Seen, double Similarity)>> ReadAsync(NpgsqlCommand command, CancellationToken cancellationToken)
    {
        var found = new List<(Observation, double)>();
        var reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        await using (reader.ConfigureAwait(false))
        {
            while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
            {
                var entry = new ResearchEntry
                {
                    Id = reader.GetGuid(2),
                    Topic = reader.GetString(0),
                    Content = reader.GetTextOrNull(3),
                    CreatedAt = reader.GetMoment(4),
                };
                found.Add((new Observation(entry, reader.GetMoment(5)), reader.GetFloat(1)));
            }
        }

        return found;
    }

    private static async Task<string> FindExtensionAsync(Database database, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        using var command = database.CreateCommand(connection, SimilaritySql.FindExtension);
        return await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false) as string
            ?? throw new InvalidOperationException(
                "Searching by similarity needs the PostgreSQL extension pg_trgm, which this database does not have. Run 'aispec migrate --with-similarity', or CREATE EXTENSION pg_trgm.");
    }
}
