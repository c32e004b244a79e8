using Microsoft.EntityFrameworkCore;

namespace AiSystemSpec.Sdk.Benchmarks.Lookups;

/// <summary>The lookup as LINQ, without tracking.</summary>
internal static class EfLookup
{
    private static readonly TimeSpan Window = AiSystemSpecOptions.DefaultMaxAge;

    private static readonly Func<AiSystemSpecDbContext, string, TimeSpan, Task<ResearchEntry?>> Compiled =
        EF.CompileAsyncQuery((AiSystemSpecDbContext context, string topic, TimeSpan window) => context.ResearchCache
            .AsNoTracking()
            .Where(entry => entry.Topic == topic && entry.CreatedAt > DateTimeOffset.UtcNow - window)
            .OrderByDescending(entry => entry.CreatedAt)
            .ThenByDescending(entry => entry.Id)
            .FirstOrDefault());

    public static async Task<ResearchEntry?> FindAsync(IDbContextFactory<AiSystemSpecDbContext> contexts, string topic)
    {
        await using var context = await contexts.CreateDbContextAsync();
        return await context.ResearchCache
            .AsNoTracking()
            .Where(entry => entry.Topic == topic && entry.CreatedAt > DateTimeOffset.UtcNow - Window)
            .OrderByDescending(entry => entry.CreatedAt)
            .ThenByDescending(entry => entry.Id)
            .FirstOrDefaultAsync();
    }

    public static async Task<ResearchEntry?> FindCompiledAsync(IDbContextFactory<AiSystemSpecDbContext> contexts, string topic)
    {
        await using var context = await contexts.CreateDbContextAsync();
        return await Compiled(context, topic, Window);
    }
}
