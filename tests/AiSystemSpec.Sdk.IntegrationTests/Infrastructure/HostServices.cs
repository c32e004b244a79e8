using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace AiSystemSpec.Sdk.IntegrationTests.Infrastructure;

/// <summary>The services of one host over one database, as a host gets them.</summary>
internal sealed class HostServices : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    private HostServices(ServiceProvider services) => _services = services;

    public IResearchCache Research => _services.GetRequiredService<IResearchCache>();

    public IScriptStore Scripts => _services.GetRequiredService<IScriptStore>();

    public IRunLogger Runs => _services.GetRequiredService<IRunLogger>();

    public IRunHistory History => _services.GetRequiredService<IRunHistory>();

    public IServiceProvider Services => _services;

    public static HostServices Over(string connectionString, Action<AiSystemSpecOptions>? configure = null) =>
        new(new ServiceCollection().AddAiSystemSpec(connectionString, configure).BuildServiceProvider());

    public static HostServices Over(string connectionString, ILoggerProvider log) =>
        new(new ServiceCollection().AddLogging(logging => logging.AddProvider(log)).AddAiSystemSpec(connectionString).BuildServiceProvider());

    public static HostServices Over(NpgsqlDataSource dataSource) =>
        new(new ServiceCollection().AddAiSystemSpec(options => options.DataSource = dataSource).BuildServiceProvider());

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}

