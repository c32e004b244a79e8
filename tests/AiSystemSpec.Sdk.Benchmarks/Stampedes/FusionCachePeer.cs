using ZiggyCreatures.Caching.Fusion;

namespace AiSystemSpec.Sdk.Benchmarks.Stampedes;

/// <summary>FusionCache in memory, in front of the table.</summary>
internal sealed class FusionCachePeer(string connectionString) : IStampedePeer
{
    private readonly FusionCache _cache = new(new FusionCacheOptions());
    private readonly PlainGetOrCreate _table = new(connectionString);

    public Task WarmUpAsync() => _table.WarmUpAsync();

    public async Task<string> GetOrResearchAsync(string topic, Func<CancellationToken, Task<string>> research) =>
        await _cache.GetOrSetAsync<string>(topic, async (_, _) => await _table.GetOrResearchAsync(topic, research), duration: TimeSpan.FromDays(7));

    public async ValueTask DisposeAsync()
    {
        _cache.Dispose();
        await _table.DisposeAsync();
    }
}
