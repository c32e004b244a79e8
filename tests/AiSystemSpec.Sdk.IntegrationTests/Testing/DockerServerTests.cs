using AiSystemSpec.Sdk.IntegrationTests.Infrastructure;
using AiSystemSpec.Sdk.Testing;
using AiSystemSpec.Sdk.Testing.Containers;
using AiSystemSpec.Sdk.Testing.Servers;
using Npgsql;

namespace AiSystemSpec.Sdk.IntegrationTests.Testing;

[Trait("Category", "Docker")]
public sealed class DockerServerTests
{
    [Fact]
    public async Task Start_crash_and_restart_keep_what_was_committed()
    {
        await using var postgres = await StartAsync(new EphemeralPostgresOptions { Settings = { ["wal_level"] = "logical" } });
        Assert.Equal("docker " + EphemeralPostgresOptions.DefaultDockerImage, postgres.Source);
        Assert.Equal("logical", await Sql.ScalarAsync<string>(postgres.ConnectionString, "SHOW wal_level"));
        Assert.Equal("on", await Sql.ScalarAsync<string>(postgres.ConnectionString, "SHOW synchronous_commit"));
        Assert.Equal("on", await Sql.ScalarAsync<string>(postgres.ConnectionString, "SHOW full_page_writes"));
        await Sql.ExecuteAsync(postgres.ConnectionString, "CREATE TABLE kept AS SELECT 42 AS n");

        await postgres.CrashAsync();
        _ = await Assert.ThrowsAnyAsync<NpgsqlException>(() => Sql.ScalarAsync<int>(postgres.ConnectionString, "SELECT 1"));
        await postgres.RestartAsync();

        Assert.Equal(42, await Sql.ScalarAsync<int>(postgres.ConnectionString, "SELECT n FROM kept"));
    }

    [Fact]
    public async Task Start_with_a_setting_that_does_not_exist_shows_the_servers_own_words()
    {
        var failed = await Assert.ThrowsAsync<EphemeralPostgresException>(
            () => StartAsync(new EphemeralPostgresOptions { Settings = { ["no_such_setting"] = "1" } }));

        Assert.Contains("no_such_setting", failed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Killed_hosts_container_is_removed_by_the_next_start()
    {
        var variables = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            [TestingEnvironment.ConnectionVariable] = null,
            [TestingEnvironment.WayVariable] = "docker",
        };
        await using var living = await StartAsync(new EphemeralPostgresOptions());
        await using var host = await TestHostProcess.StartAsync(variables, "postgres", "wait");
        var connection = await host.ReadLineAsync();
        await host.KillAsync();

        await using var next = await StartAsync(new EphemeralPostgresOptions());

        _ = await Assert.ThrowsAnyAsync<NpgsqlException>(() => Sql.ScalarAsync<int>(connection, "SELECT 1"));
        Assert.Equal(1, await Sql.ScalarAsync<int>(living.ConnectionString, "SELECT 1"));
    }

    [Fact]
    public async Task Engine_is_found_by_its_own_version_where_Testcontainers_asks_for_a_newer_one()
    {
        var found = await DockerDiscovery.FindAsync(TestingEnvironment.OfProcess().DockerHost, TimeProvider.System, CancellationToken.None);

        Assert.True(found.Version >= new Version(1, 24));
    }

    private static Task<EphemeralPostgres> StartAsync(EphemeralPostgresOptions options)
    {
        options.Ways = PostgresWays.Docker;
        return EphemeralPostgres.StartAsync(options);
    }
}
