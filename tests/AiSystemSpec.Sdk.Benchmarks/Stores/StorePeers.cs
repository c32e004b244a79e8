using AiSystemSpec.Sdk.Benchmarks.Databases;
using Dapper;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace AiSystemSpec.Sdk.Benchmarks.Stores;

/// <summary>Storing one row of research without the SDK.</summary>
internal static class StorePeers
{
    private const string HandWrittenSql = "INSERT INTO public.research_cache (topic, content) VALUES ($1, $2) RETURNING id, created_at";

    private const string DapperSql = "INSERT INTO public.research_cache (topic, content) VALUES (@topic, @content) RETURNING id, topic, content, created_at AS CreatedAt";

    public static async Task<ResearchEntry> HandWrittenAsync(NpgsqlDataSource dataSource, string topic, string content)
    {
        await using var connection = await dataSource.OpenConnectionAsync();
        await using var command = new NpgsqlCommand(HandWrittenSql, connection);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = topic });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = content });
        await using var reader = await command.ExecuteReaderAsync();
        _ = await reader.ReadAsync();
        return new ResearchEntry { Id = reader.GetGuid(0), Topic = topic, Content = content, CreatedAt = reader.GetFieldValue<DateTimeOffset>(1) };
    }

    public static async Task<DapperResearch> DapperAsync(NpgsqlDataSource dataSource, string topic, string content)
    {
        await using var connection = await dataSource.OpenConnectionAsync();
        return await connection.QuerySingleAsync<DapperResearch>(DapperSql, new { topic, content });
    }

    public static async Task<ResearchEntry> EfAsync(IDbContextFactory<AiSystemSpecDbContext> contexts, string topic, string content)
    {
        await using var context = await contexts.CreateDbContextAsync();
        var entry = new ResearchEntry { Topic = topic, Content = content };
        _ = context.ResearchCache.Add(entry);
        _ = await context.SaveChangesAsync();
        return entry;
    }
}
