using Microsoft.Extensions.DependencyInjection;

namespace AiSystemSpec.Sdk.Benchmarks.Databases;

/// <summary>The SDK as a host registers it.</summary>
internal sealed class SdkHost(string connectionString) : IAsyncDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddAiSystemSpec(connectionString).BuildServiceProvider();

    public IResearchCache Research => _services.GetRequiredService<IResearchCache>();

    public IRunLogger Runs => _services.GetRequiredService<IRunLogger>();

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}
