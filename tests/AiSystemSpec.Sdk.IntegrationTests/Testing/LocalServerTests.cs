using AiSystemSpec.Sdk.IntegrationTests.Infrastructure;
using AiSystemSpec.Sdk.Testing;
using Npgsql;

namespace AiSystemSpec.Sdk.IntegrationTests.Testing;

public sealed class LocalServerTests(TestingFolder folder) : IClassFixture<TestingFolder>
{
    [Fact]
    public async Task Start_says_which_way_was_taken()
    {
        await using var postgres = await folder.StartAsync();

        Assert.StartsWith("local PostgreSQL 1", postgres.Source, StringComparison.Ordinal);
        Assert.Empty(postgres.FailedWays);
        Assert.Equal(1, await Sql.ScalarAsync<int>(postgres.ConnectionString, "SELECT 1"));
    }

    [Fact]
    public async Task Start_has_settings_that_keep_what_was_acknowledged_when_the_server_is_killed()
    {
        await using var postgres = await folder.StartAsync();

        Assert.Equal("on", await Sql.ScalarAsync<string>(postgres.ConnectionString, "SHOW synchronous_commit"));
        Assert.Equal("on", await Sql.ScalarAsync<string>(postgres.ConnectionString, "SHOW full_page_writes"));
        Assert.Equal("127.0.0.1", await Sql.ScalarAsync<string>(postgres.ConnectionString, "SHOW listen_addresses"));
    }

    [Fact]
    public async Task Start_wants_the_password()
    {
        await using var postgres = await folder.StartAsync();
        var without = new NpgsqlConnectionStringBuilder(postgres.ConnectionString) { Password = "guessed" }.ConnectionString;

        var refused = await Assert.ThrowsAsync<PostgresException>(() => Sql.ScalarAsync<int>(without, "SELECT 1"));

        Assert.Equal(PostgresErrorCodes.InvalidPassword, refused.SqlState);
    }

    [Fact]
    public async Task Start_takes_the_host_settings()
    {
        var options = new EphemeralPostgresOptions { Settings = { ["wal_level"] = "logical", ["max_connections"] = "17" } };
        await using var postgres = await folder.StartAsync(options);

        Assert.Equal("logical", await Sql.ScalarAsync<string>(postgres.ConnectionString, "SHOW wal_level"));
        Assert.Equal("17", await Sql.ScalarAsync<string>(postgres.ConnectionString, "SHOW max_connections"));
    }

    [Fact]
    public async Task Start_with_a_setting_that_does_not_exist_shows_the_servers_own_words_and_leaves_nothing()
    {
        var failed = await Assert.ThrowsAsync<EphemeralPostgresException>(
            () => folder.StartAsync(new EphemeralPostgresOptions { Settings = { ["no_such_setting"] = "1" } }));

        Assert.Contains("no_such_setting", failed.Message, StringComparison.Ordinal);
        Assert.Empty(folder.Servers);
    }

    [Fact]
    public async Task Start_several_at_once_makes_one_template_and_different_servers()
    {
        using var fresh = new TestingFolder();

        var started = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => fresh.StartAsync())));

        Assert.Equal(4, started.Select(static postgres => postgres.ConnectionString).Distinct(StringComparer.Ordinal).Count());
        _ = Assert.Single(Directory.EnumerateDirectories(fresh.Folder, "template-*", SearchOption.AllDirectories));
        await Task.WhenAll(started.Select(static postgres => postgres.DisposeAsync().AsTask()));
        Assert.Empty(fresh.Servers);
    }

    [Fact]
    public async Task Start_that_is_cancelled_leaves_nothing()
    {
        using var cancelled = new CancellationTokenSource(TimeSpan.FromMilliseconds(60));

        _ = await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => EphemeralPostgres.StartInAsync(new EphemeralPostgresOptions(), folder.Environment, cancelled.Token));

        Assert.Empty(folder.Servers);
    }

    [Fact]
    public async Task Dispose_leaves_no_process_and_nofolder_and_may_be_repeated()
    {
        var postgres = await folder.StartAsync();
        Assert.NotEmpty(ServerProcesses.Naming(folder.Folder));

        await postgres.DisposeAsync();
        await postgres.DisposeAsync();

        Assert.Empty(folder.Servers);
        Assert.Empty(ServerProcesses.Naming(folder.Folder));
        _ = await Assert.ThrowsAsync<ObjectDisposedException>(() => postgres.CreateDatabaseAsync());
    }
}
