using AiSystemSpec.Sdk.IntegrationTests.Infrastructure;
using AiSystemSpec.Sdk.Testing;
using AiSystemSpec.Sdk.Testing.Servers;
using Npgsql;

namespace AiSystemSpec.Sdk.IntegrationTests.Testing;

public sealed class ConfiguredServerTests(TestingFolder folder) : IClassFixture<TestingFolder>, IAsyncLifetime
{
    private EphemeralPostgres _server = null!;
    private string _named = null!;

    public async Task InitializeAsync()
    {
        _server = await folder.StartAsync();
        _named = await _server.CreateDatabaseAsync("named");
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task Start_makes_a_database_of_its_own_and_drops_all_it_made()
    {
        var before = await DatabasesAsync();
        await using (var postgres = await StartAsync(_named))
        {
            Assert.Equal("configured server", postgres.Source);
            var own = await Sql.ScalarAsync<string>(postgres.ConnectionString, "SELECT current_database()");
            Assert.DoesNotContain(own, before, StringComparer.Ordinal);
            _ = await postgres.CreateDatabaseAsync("mine");
            await using var left = new NpgsqlConnection(postgres.ConnectionString);   // an open session does not keep it
            await left.OpenAsync();
        }

        Assert.Equal(before, await DatabasesAsync());
    }

    [Fact]
    public async Task Start_takes_an_address_even_of_a_database_that_is_not_there()
    {
        var connection = new NpgsqlConnectionStringBuilder(_named);

        await using var postgres = await StartAsync($"postgresql://{connection.Username}:{connection.Password}@{connection.Host}:{connection.Port}/missing?sslmode=disable");

        Assert.Equal("configured server", postgres.Source);
    }

    [Fact]
    public async Task Crash_and_restart_are_refused()
    {
        await using var postgres = await StartAsync(_named);

        _ = await Assert.ThrowsAsync<NotSupportedException>(() => postgres.CrashAsync());
        var refused = await Assert.ThrowsAsync<NotSupportedException>(() => postgres.RestartAsync());

        Assert.Contains(nameof(PostgresWays.OwnServer), refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_with_settings_goes_on_to_a_server_of_its_own_and_says_why()
    {
        var environment = folder.Environment with { Connection = _named };
        var options = new EphemeralPostgresOptions { Settings = { ["wal_level"] = "logical" } };

        await using var postgres = await EphemeralPostgres.StartInAsync(options, environment, CancellationToken.None);

        Assert.StartsWith("local", postgres.Source, StringComparison.Ordinal);
        Assert.Contains("settings", Assert.Single(postgres.FailedWays), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_drops_what_a_killed_host_left_and_nothing_else()
    {
        var before = await DatabasesAsync();
        await using var living = await StartAsync(_named);
        await using var host = await TestHostProcess.StartAsync(
            new Dictionary<string, string?>(StringComparer.Ordinal) { [TestingEnvironment.ConnectionVariable] = _named }, "postgres", "wait");
        await host.KillAsync();
        Assert.Equal(before.Count + 3, (await DatabasesAsync()).Count);

        await using (await StartAsync(_named))
        {
            Assert.Equal(1, await Sql.ScalarAsync<int>(living.ConnectionString, "SELECT 1"));
        }

        Assert.Equal(before.Count + 1, (await DatabasesAsync()).Count);
    }

    [Fact]
    public async Task Process_that_ends_without_disposing_leaves_no_database()
    {
        var before = await DatabasesAsync();

        await using var host = await TestHostProcess.StartAsync(
            new Dictionary<string, string?>(StringComparer.Ordinal) { [TestingEnvironment.ConnectionVariable] = _named }, "postgres", "return");
        await host.WaitForExitAsync();

        Assert.Equal(before, await DatabasesAsync());
    }

    private Task<EphemeralPostgres> StartAsync(string connection) =>
        EphemeralPostgres.StartInAsync(
            new EphemeralPostgresOptions { Ways = PostgresWays.ConfiguredServer }, folder.Environment with { Connection = connection }, CancellationToken.None);

    private async Task<IReadOnlyList<string>> DatabasesAsync() =>
        await Sql.ScalarAsync<string[]>(_server.ConnectionString, "SELECT array_agg(datname::text ORDER BY datname) FROM pg_database") ?? [];
}
