using AiSystemSpec.Sdk.Research.Table;
using Npgsql;

namespace AiSystemSpec.Sdk.Benchmarks.Lookups;

/// <summary>The SDK's statement, run by hand: what is lost to the statement and what to the SDK's own code can be told apart.</summary>
internal static class SdkSqlLookup
{
    public static async Task<ResearchEntry?> FindAsync(NpgsqlDataSource dataSource, string topic)
    {
        await using var connection = await dataSource.OpenConnectionAsync();
        await using var command = new NpgsqlCommand(ResearchSql.LookUp(topic), connection);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = topic });
        await using var reader = await command.ExecuteReaderAsync();
        if (!await reader.ReadAsync())
        {
            return null;
        }

        var entry = new ResearchEntry
        {
            Id = reader.GetGuid(0),
            Topic = topic,
            Content = reader.GetString(1),
            CreatedAt = reader.GetFieldValue<DateTimeOffset>(2),
        };
        return reader.GetFieldValue<DateTimeOffset>(3) - entry.CreatedAt < AiSystemSpecOptions.DefaultMaxAge ? entry : null;
    }
}
