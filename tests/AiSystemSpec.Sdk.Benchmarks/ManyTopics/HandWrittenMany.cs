using AiSystemSpec.Sdk.Research.Table;
using Npgsql;

namespace AiSystemSpec.Sdk.Benchmarks.ManyTopics;

/// <summary>Many topics in one round trip, by hand.</summary>
internal static class HandWrittenMany
{
    public const string Sql =
        """
        SELECT newest.id, newest.topic, newest.content, newest.created_at
        FROM unnest($1) AS wanted (topic)
        CROSS JOIN LATERAL (
          SELECT id, topic, content, created_at
          FROM public.research_cache
          WHERE topic = wanted.topic AND created_at > now() - interval '7 days'
          ORDER BY created_at DESC, id DESC
          LIMIT 1) AS newest
        """;

    public static async Task<Dictionary<string, ResearchEntry>> FindAsync(NpgsqlDataSource dataSource, string[] topics)
    {
        var found = new Dictionary<string, ResearchEntry>(topics.Length);
        await using var connection = await dataSource.OpenConnectionAsync();
        await using var command = new NpgsqlCommand(Sql, connection);
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = topics });
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            var topic = reader.GetString(1);
            found[topic] = new ResearchEntry
            {
                Id = reader.GetGuid(0),
                Topic = topic,
                Content = reader.GetString(2),
                CreatedAt = reader.GetFieldValue<DateTimeOffset>(3),
            };
        }

        return found;
    }

    /// <summary>The SDK's statement, run by hand.</summary>
    public static async Task<Dictionary<string, ResearchEntry>> FindBySdkSqlAsync(NpgsqlDataSource dataSource, string[] topics)
    {
        var found = new Dictionary<string, ResearchEntry>(topics.Length);
        await using var connection = await dataSource.OpenConnectionAsync();
        await using var command = new NpgsqlCommand(ResearchSql.LookUp(topics), connection);
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = topics });
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            var topic = topics[reader.GetInt64(0) - 1];
            var createdAt = reader.GetFieldValue<DateTimeOffset>(3);
            if (reader.GetFieldValue<DateTimeOffset>(4) - createdAt < AiSystemSpecOptions.DefaultMaxAge)
            {
                found[topic] = new ResearchEntry { Id = reader.GetGuid(1), Topic = topic, Content = reader.GetString(2), CreatedAt = createdAt };
            }
        }

        return found;
    }
}
