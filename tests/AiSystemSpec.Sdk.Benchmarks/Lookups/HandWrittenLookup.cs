using Npgsql;

namespace AiSystemSpec.Sdk.Benchmarks.Lookups;

/// <summary>What a good developer writes over Npgsql for this lookup alone, with an index made for it.</summary>
internal static class HandWrittenLookup
{
    /// <summary>
    /// The condition on <c>created_at</c> leaves out rows without one, so that NULLS LAST need not be said and the index gives the order.
    /// </summary>
    public const string Sql =
        """
        SELECT id, topic, content, created_at
        FROM public.research_cache
        WHERE topic = $1 AND created_at > now() - interval '7 days'
        ORDER BY created_at DESC, id DESC
        LIMIT 1
        """;

    public static async Task<ResearchEntry?> FindAsync(NpgsqlDataSource dataSource, string topic)
    {
        await using var connection = await dataSource.OpenConnectionAsync();
        await using var command = new NpgsqlCommand(Sql, connection);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = topic });
        await using var reader = await command.ExecuteReaderAsync();
        return await reader.ReadAsync()
            ? new ResearchEntry
            {
                Id = reader.GetGuid(0),
                Topic = reader.GetString(1),
                Content = reader.GetString(2),
                CreatedAt = reader.GetFieldValue<DateTimeOffset>(3),
            }
            : null;
    }
}
