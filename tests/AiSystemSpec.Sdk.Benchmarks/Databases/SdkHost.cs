using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace AiSystemSpec.Sdk.Benchmarks.Databases;

/// <summary>The SDK as a host registers it.</summary>
internal sealed class SdkHost : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    public SdkHost(string connectionString) => _services = new ServiceCollection().AddAiSystemSpec(connectionString).BuildServiceProvider();

    public SdkHost(NpgsqlDataSource dataSource) =>
        _services = new ServiceCollection().AddAiSystemSpec(options => options.DataSource = dataSource).BuildServiceProvider();

    public IResearchCache Research => _services.GetRequiredService<IResearchCache>();

    public IScriptStore Scripts => _services.GetRequiredService<IScriptStore>();

    public IRunLogger Runs => _services.GetRequiredService<IRunLogger>();

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}
