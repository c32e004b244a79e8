using AiSystemSpec.Sdk.Benchmarks.Databases;
using Dapper;
using Npgsql;

namespace AiSystemSpec.Sdk.Benchmarks.ManyTopics;

/// <summary>The hand-written statement through Dapper.</summary>
internal static class DapperMany
{
    private const string Sql =
        """
        SELECT newest.*
        FROM unnest(@topics) AS wanted (topic)
        CROSS JOIN LATERAL (
          SELECT id, topic, content, created_at AS CreatedAt
          FROM public.research_cache
          WHERE topic = wanted.topic AND created_at > now() - interval '7 days'
          ORDER BY created_at DESC, id DESC
          LIMIT 1) AS newest
        """;

    public static async Task<Dictionary<string, DapperResearch>> FindAsync(NpgsqlDataSource dataSource, string[] topics)
    {
        await using var connection = await dataSource.OpenConnectionAsync();
        var rows = await connection.QueryAsync<DapperResearch>(Sql, new { topics });
        return rows.ToDictionary(row => row.Topic);
    }
}
