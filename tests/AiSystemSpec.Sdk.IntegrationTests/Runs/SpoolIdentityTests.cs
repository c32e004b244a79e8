using AiSystemSpec.Sdk.IntegrationTests.Infrastructure;
using AiSystemSpec.Sdk.IntegrationTests.Infrastructure.Routes;
using AiSystemSpec.Sdk.IntegrationTests.Runs.Writing;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace AiSystemSpec.Sdk.IntegrationTests.Runs;

/// <summary>Whose rows a spool holds: rows of one database never reach another by themselves.</summary>
public sealed class SpoolIdentityTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private readonly SpoolDirectory _spool = new();
    private readonly string _run = Guid.NewGuid().ToString();
    private OutageProxy _one = null!;
    private OutageProxy _other = null!;

    public Task InitializeAsync()
    {
        (_one, _other) = (new OutageProxy(postgres.ConnectionString), new OutageProxy(postgres.ConnectionString));
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        await _one.DisposeAsync();
        await _other.DisposeAsync();
        _spool.Dispose();
    }

    [Fact]
    public async Task Two_servers_with_one_database_name_in_one_directory_keep_their_rows_apart()
    {
        await LeaveAsync(_one, hasReachedServer: false); // all that is known is the address
        await using (var other = Host(_other.ConnectionString))
        {
            Assert.Equal(new FlushResult { Written = 0, Spooled = 0, Lost = 0 }, await other.Runs.FlushAsync());
        }

        _one.BringBack();
        await using var own = Host(_one.ConnectionString);
        Assert.Equal(new FlushResult { Written = 5, Spooled = 0, Lost = 0 }, await own.Runs.FlushAsync());
    }

    [Fact]
    public async Task One_server_under_two_addresses_is_recognised_once_it_was_reached()
    {
        await LeaveAsync(_one, hasReachedServer: true);
        await using var other = Host(_other.ConnectionString);
        Assert.Equal(new FlushResult { Written = 5, Spooled = 0, Lost = 0 }, await other.Runs.FlushAsync());
    }

    [Fact]
    public async Task Another_database_under_the_same_address_is_told_by_its_id()
    {
        var database = await PostgresFixture.CreateDatabaseAsync();
        await using var server = new OutageProxy(database);
        await LeaveAsync(server, hasReachedServer: true);
        var folder = Assert.Single(Directory.EnumerateDirectories(_spool.Path, "writer-*"));
        await ReplaceAsync(database);
        server.BringBack();
        await using (var host = new RunLogHost(server.ConnectionString, options => options.RunLog.SpoolDirectory = _spool.Path))
        {
            Assert.Equal(new FlushResult { Written = 0, Spooled = 0, Lost = 0 }, await host.FlushAsync());
            Assert.Equal(1, host.State.SpoolFoldersLeftAlone);
            Assert.Single(host.Warnings, warning => warning.StartsWith("3032", StringComparison.Ordinal));
        }

        Assert.True(Directory.Exists(folder));
    }

    [Fact]
    public async Task Registrations_under_1_and_the_text_1_have_rows_of_their_own()
    {
        _one.TakeAway();
        await using (var services = Keyed(1))
        {
            services.GetRequiredKeyedService<IRunLogger>(1).Enqueue(new RunLogEntry(_run, "keyed", RunStatus.Success));
        }

        _one.BringBack();
        await using (var services = Keyed("1"))
        {
            Assert.Equal(0, (await services.GetRequiredKeyedService<IRunLogger>("1").FlushAsync()).Written);
        }

        await using (var services = Keyed(1))
        {
            Assert.Equal(1, (await services.GetRequiredKeyedService<IRunLogger>(1).FlushAsync()).Written);
        }
    }

    private ServiceProvider Keyed(object key) => new ServiceCollection().AddKeyedAiSystemSpec(key, options =>
    {
        options.ConnectionString = _one.ConnectionString;
        options.RunLog.SpoolDirectory = _spool.Path;
    }).BuildServiceProvider();

    private HostServices Host(string connectionString) =>
        HostServices.Over(connectionString, options => options.RunLog.SpoolDirectory = _spool.Path);

    /// <summary>Puts another database in the place of one: the same name at the same address, with an id of its own.</summary>
    private static async Task ReplaceAsync(string database)
    {
        var name = new NpgsqlConnectionStringBuilder(TestRoute.Direct(database)).Database;
        var next = await PostgresFixture.CreateDatabaseAsync();
        var nextName = new NpgsqlConnectionStringBuilder(TestRoute.Direct(next)).Database;
        await Sql.ExecuteAsync(next, "UPDATE ai_system_spec.database_identity SET id = pg_catalog.gen_random_uuid()");
        var maintenance = new NpgsqlConnectionStringBuilder(TestRoute.Direct(database)) { Database = "postgres" }.ConnectionString;
        await Sql.ExecuteAsync(maintenance, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname IN ($1, $2)", name!, nextName!);
        await Sql.ExecuteAsync(maintenance, $"ALTER DATABASE \"{name}\" RENAME TO \"{name}_before\"");
        await Sql.ExecuteAsync(maintenance, $"ALTER DATABASE \"{nextName}\" RENAME TO \"{name}\"");
    }

    private async Task LeaveAsync(OutageProxy server, bool hasReachedServer)
    {
        await using var host = Host(server.ConnectionString);
        if (hasReachedServer)
        {
            host.Runs.Enqueue(new RunLogEntry(_run, "first", RunStatus.Success));
            _ = await host.Runs.FlushAsync();
        }

        server.TakeAway();
        for (var number = 1; number <= 5; number++)
        {
            host.Runs.Enqueue(new RunLogEntry(_run, "spool", RunStatus.Success) { Attempts = number });
        }

        _ = await host.Runs.FlushAsync();
    }
}
