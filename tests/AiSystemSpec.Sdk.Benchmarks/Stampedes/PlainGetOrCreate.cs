using AiSystemSpec.Sdk.Benchmarks.Lookups;
using AiSystemSpec.Sdk.Benchmarks.Stores;
using Npgsql;

namespace AiSystemSpec.Sdk.Benchmarks.Stampedes;

/// <summary>Look into the table; where nothing is found, research and store. The other caches have it behind them.</summary>
internal sealed class PlainGetOrCreate(string connectionString) : IStampedePeer
{
    private readonly NpgsqlDataSource _dataSource = NpgsqlDataSource.Create(connectionString);

    public async Task WarmUpAsync() => _ = await HandWrittenLookup.FindAsync(_dataSource, "warm-up");

    public async Task<string> GetOrResearchAsync(string topic, Func<CancellationToken, Task<string>> research)
    {
        if (await HandWrittenLookup.FindAsync(_dataSource, topic) is { Content: { } found })
        {
            return found;
        }

        var content = await research(CancellationToken.None);
        _ = await StorePeers.HandWrittenAsync(_dataSource, topic, content);
        return content;
    }

    public ValueTask DisposeAsync() => _dataSource.DisposeAsync();
}
