using AiSystemSpec.Sdk.Benchmarks.Databases;

namespace AiSystemSpec.Sdk.Benchmarks.Stampedes;

/// <summary>The SDK's Context Cache.</summary>
internal sealed class SdkPeer(string connectionString) : IStampedePeer
{
    private readonly SdkHost _host = new(connectionString);

    public async Task WarmUpAsync() => _ = await _host.Research.GetFreshAsync("warm-up");

    public async Task<string> GetOrResearchAsync(string topic, Func<CancellationToken, Task<string>> research)
    {
        var result = await _host.Research.GetOrResearchAsync(topic, (_, cancellationToken) => research(cancellationToken));
        return result.Entry.Content!;
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();
}
