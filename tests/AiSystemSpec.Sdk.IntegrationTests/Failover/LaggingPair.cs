using AiSystemSpec.Sdk.IntegrationTests.Infrastructure;

namespace AiSystemSpec.Sdk.IntegrationTests.Failover;

/// <summary>A pair whose standby receives and confirms, and shows nothing new.</summary>
public sealed class LaggingPair : IAsyncLifetime
{
    internal ReplicatedPair Pair { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Pair = await ReplicatedPair.StartAsync();
        await Pair.PauseReplayAsync();
    }

    public async Task DisposeAsync() => await Pair.DisposeAsync();
}
