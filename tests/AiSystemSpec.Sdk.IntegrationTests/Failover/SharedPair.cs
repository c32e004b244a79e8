using AiSystemSpec.Sdk.IntegrationTests.Infrastructure;

namespace AiSystemSpec.Sdk.IntegrationTests.Failover;

/// <summary>One pair for a class whose tests leave the primary what it is.</summary>
public sealed class SharedPair : IAsyncLifetime
{
    internal ReplicatedPair Pair { get; private set; } = null!;

    public async Task InitializeAsync() => Pair = await ReplicatedPair.StartAsync();

    public async Task DisposeAsync() => await Pair.DisposeAsync();
}
