using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.DependencyInjection;

namespace AiSystemSpec.Sdk.Benchmarks.Stampedes;

/// <summary>HybridCache in memory, in front of the table.</summary>
internal sealed class HybridCachePeer : IStampedePeer
{
    private readonly ServiceProvider _services;
    private readonly HybridCache _cache;
    private readonly PlainGetOrCreate _table;

    public HybridCachePeer(string connectionString)
    {
        var services = new ServiceCollection();
        _ = services.AddHybridCache();
        _services = services.BuildServiceProvider();
        _cache = _services.GetRequiredService<HybridCache>();
        _table = new PlainGetOrCreate(connectionString);
    }

    public Task WarmUpAsync() => _table.WarmUpAsync();

    public async Task<string> GetOrResearchAsync(string topic, Func<CancellationToken, Task<string>> research) =>
        await _cache.GetOrCreateAsync(topic, async _ => await _table.GetOrResearchAsync(topic, research));

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        await _table.DisposeAsync();
    }
}
