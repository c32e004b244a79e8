using AiSystemSpec.Sdk.IntegrationTests.Infrastructure.Routes;
using AiSystemSpec.Sdk.Migrations;
using Microsoft.Extensions.DependencyInjection;

namespace AiSystemSpec.Sdk.IntegrationTests.Infrastructure;

/// <summary>What every test's database holds at first: the one place to say it.</summary>
internal static class TemplateDatabase
{
    /// <summary>Migrates the database that all others are copied from.</summary>
    /// <param name="connectionString">An empty database.</param>
    public static async Task PrepareAsync(string connectionString)
    {
        await MigrateAsync(connectionString);
        await TestRoute.PrepareTemplateAsync(connectionString, hasTables: true);
    }

    /// <summary>Prepares the database that empty ones are copied from.</summary>
    /// <param name="connectionString">An empty database.</param>
    public static Task PrepareEmptyAsync(string connectionString) => TestRoute.PrepareTemplateAsync(connectionString, hasTables: false);

    /// <summary>Migrates a database of a server of a test's own, which the run's route does not lead to.</summary>
    /// <param name="connectionString">An empty database.</param>
    public static async Task MigrateAsync(string connectionString)
    {
        await using var services = new ServiceCollection()
            .AddAiSystemSpecMigrations(connectionString + ";Pooling=false") // CREATE DATABASE … TEMPLATE wants no one connected
            .BuildServiceProvider();
        _ = await services.GetRequiredService<IAiSystemSpecMigrator>().MigrateAsync();
    }
}
