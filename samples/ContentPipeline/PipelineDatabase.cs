using AiSystemSpec.Sdk.Migrations;
using AiSystemSpec.Sdk.Testing;
using ContentPipeline.CommandLine;
using Microsoft.Extensions.DependencyInjection;

namespace ContentPipeline;

/// <summary>The database of this start, migrated: the one that was named, or a throw-away server that ends with the program.</summary>
internal sealed class PipelineDatabase : IAsyncDisposable
{
    private readonly EphemeralPostgres? _server;
    private readonly ServiceProvider _services;

    private PipelineDatabase(EphemeralPostgres? server, string connectionString)
    {
        _server = server;
        _services = new ServiceCollection()
            .AddAiSystemSpec(connectionString)
            .AddAiSystemSpecMigrations()
            .BuildServiceProvider();
    }

    public IServiceProvider Services => _services;

    public string Source => _server?.Source ?? "the one of --connection";

    public static async Task<PipelineDatabase> OpenAsync(string? connectionString, CancellationToken cancellationToken)
    {
        ThrowIfUnreadable(connectionString);
        var server = connectionString is null ? await EphemeralPostgres.StartAsync(cancellationToken: cancellationToken) : null;
        var database = new PipelineDatabase(server, connectionString ?? server!.ConnectionString);
        try
        {
            _ = await database._services.GetRequiredService<IAiSystemSpecMigrator>().MigrateAsync(cancellationToken: cancellationToken);
            return database;
        }
        catch
        {
            await database.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync(); // first, since it writes the rows that still wait
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }

    // The SDK reads connection strings when it is registered: nothing is connected to for this.
    private static void ThrowIfUnreadable(string? connectionString)
    {
        try
        {
            _ = connectionString is null ? null : new ServiceCollection().AddAiSystemSpec(connectionString);
        }
        catch (ArgumentException)
        {
            throw new UsageException("--connection takes Npgsql's form (Host=…;Username=…;Password=…;Database=…) or a postgresql:// URI.");
        }
    }
}
