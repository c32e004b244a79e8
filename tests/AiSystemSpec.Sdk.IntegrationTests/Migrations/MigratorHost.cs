using AiSystemSpec.Sdk.IntegrationTests.Infrastructure.Routes;
using AiSystemSpec.Sdk.Migrations;
using Microsoft.Extensions.DependencyInjection;

namespace AiSystemSpec.Sdk.IntegrationTests.Migrations;

/// <summary>A migrator over one database, as a host gets it; where the run goes through a pooler, with that allowed.</summary>
internal sealed class MigratorHost(string connectionString) : IAsyncDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddAiSystemSpecMigrations(TestRoute.AsOwner(connectionString)).BuildServiceProvider();

    public IAiSystemSpecMigrator Migrator => TestRoute.IsPooled(connectionString)
        ? new PoolerAllowedMigrator(_services.GetRequiredService<IAiSystemSpecMigrator>())
        : _services.GetRequiredService<IAiSystemSpecMigrator>();

    public static async Task<T> RunAsync<T>(string connectionString, Func<IAiSystemSpecMigrator, Task<T>> work)
    {
        await using var host = new MigratorHost(connectionString);
        return await work(host.Migrator);
    }

    public static Task<MigrationResult> MigrateAsync(string connectionString, MigrateOptions? options = null) =>
        RunAsync(connectionString, migrator => migrator.MigrateAsync(options));

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}
