using Microsoft.EntityFrameworkCore;

namespace AiSystemSpec.Sdk.Benchmarks.ManyTopics;

/// <summary>Many topics as LINQ: <c>Contains</c>, and the newest of each group.</summary>
internal static class EfMany
{
    private static readonly TimeSpan Window = AiSystemSpecOptions.DefaultMaxAge;

    public static async Task<Dictionary<string, ResearchEntry>> FindAsync(
        IDbContextFactory<AiSystemSpecDbContext> contexts, string[] topics)
    {
        await using var context = await contexts.CreateDbContextAsync();
        var newest = await context.ResearchCache
            .AsNoTracking()
            .Where(entry => topics.Contains(entry.Topic) && entry.CreatedAt > DateTimeOffset.UtcNow - Window)
            .GroupBy(entry => entry.Topic)
            .Select(group => group.OrderByDescending(entry => entry.CreatedAt).ThenByDescending(entry => entry.Id).First())
            .ToListAsync();
        return newest.ToDictionary(entry => entry.Topic);
    }
}
