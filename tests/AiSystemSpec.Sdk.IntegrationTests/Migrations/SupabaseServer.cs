using AiSystemSpec.Sdk.IntegrationTests.Infrastructure;
using AiSystemSpec.Sdk.Testing;

namespace AiSystemSpec.Sdk.IntegrationTests.Migrations;

/// <summary>A server of its own with Supabase's roles, since roles belong to the whole server.</summary>
public sealed class SupabaseServer : IAsyncLifetime
{
    private EphemeralPostgres _server = null!;

    public async Task InitializeAsync()
    {
        _server = await EphemeralPostgres.StartAsync(new EphemeralPostgresOptions { Ways = PostgresWays.OwnServer });
        await Sql.ExecuteAsync(_server.ConnectionString, "CREATE ROLE anon; CREATE ROLE authenticated; CREATE ROLE service_role");
    }

    /// <summary>An empty database with Supabase's schema for extensions and its older default: all to everyone.</summary>
    public async Task<string> CreateDatabaseAsync()
    {
        var database = await _server.CreateDatabaseAsync();
        await Sql.ExecuteAsync(database, "CREATE SCHEMA extensions; ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT ALL ON TABLES TO anon, authenticated, service_role");
        return database;
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();
}
