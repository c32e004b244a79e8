using AiSystemSpec.Sdk.Benchmarks.Databases;
using Dapper;
using Npgsql;

namespace AiSystemSpec.Sdk.Benchmarks.Lookups;

/// <summary>The hand-written statement through Dapper.</summary>
internal static class DapperLookup
{
    private const string Sql =
        """
        SELECT id, topic, content, created_at AS CreatedAt
        FROM public.research_cache
        WHERE topic = @topic AND created_at > now() - interval '7 days'
        ORDER BY created_at DESC, id DESC
        LIMIT 1
        """;

    public static async Task<DapperResearch?> FindAsync(NpgsqlDataSource dataSource, string topic)
    {
        await using var connection = await dataSource.OpenConnectionAsync();
        return await connection.QueryFirstOrDefaultAsync<DapperResearch>(Sql, new { topic });
    }
}
