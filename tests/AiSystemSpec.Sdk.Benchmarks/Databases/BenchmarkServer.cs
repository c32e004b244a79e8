using AiSystemSpec.Sdk.Migrations;
using AiSystemSpec.Sdk.Testing;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace AiSystemSpec.Sdk.Benchmarks.Databases;

/// <summary>The throw-away server of one benchmark, and its databases. Nothing in the server works beside the benchmark.</summary>
internal sealed class BenchmarkServer : IAsyncDisposable
{
    // The peers' own index: what a team that writes its SQL by hand would make for its lookup.
    private const string PeersIndexSql =
        """
        DROP INDEX public.ix_research_cache_topic_created_at;
        CREATE INDEX ON public.research_cache (topic, created_at, id);
        """;

    private readonly EphemeralPostgres _server;

    private BenchmarkServer(EphemeralPostgres server) => _server = server;

    public string Source => _server.Source;

    public static async Task<BenchmarkServer> StartAsync()
    {
        var options = new EphemeralPostgresOptions { Ways = PostgresWays.OwnServer };
        options.Settings["max_connections"] = "600";
        options.Settings["autovacuum"] = "off";
        options.Settings["checkpoint_timeout"] = "1h";
        options.Settings["max_wal_size"] = "16GB";
        return new BenchmarkServer(await EphemeralPostgres.StartAsync(options));
    }

    /// <summary>Makes a database with the SDK's tables and indexes.</summary>
    public async Task<string> CreateDatabaseAsync()
    {
        var connectionString = await _server.CreateDatabaseAsync();
        await using var services = new ServiceCollection().AddAiSystemSpecMigrations(connectionString).BuildServiceProvider();
        _ = await services.GetRequiredService<IAiSystemSpecMigrator>().MigrateAsync();
        return connectionString;
    }

    /// <summary>Copies a database as it stands.</summary>
    public async Task<string> CopyAsync(string connectionString) => await _server.CopyDatabaseAsync(connectionString);

    /// <summary>Copies a database and gives the copy the index of the hand-written peers instead of the SDK's.</summary>
    public async Task<string> CopyWithPeersIndexAsync(string connectionString)
    {
        var copy = await CopyAsync(connectionString);
        await ExecuteAsync(copy, PeersIndexSql);
        await VacuumAsync(copy);
        return copy;
    }

    public static Task VacuumAsync(string connectionString) => ExecuteAsync(connectionString, "VACUUM (ANALYZE)");

    public static async Task ExecuteAsync(string connectionString, string sql)
    {
        await using var dataSource = NpgsqlDataSource.Create(connectionString);
        await using var command = dataSource.CreateCommand(sql);
        command.CommandTimeout = 0;
        _ = await command.ExecuteNonQueryAsync();
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();
}
