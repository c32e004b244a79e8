using AiSystemSpec.Sdk.IntegrationTests.Infrastructure;
using Npgsql;

namespace AiSystemSpec.Sdk.IntegrationTests.Runs.Writing;

/// <summary>
/// The end of a host waits for what may pass, and for nothing else. Its patience is set to much more than a test may last.
/// </summary>
public sealed class RunLogEndTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Fact]
    public async Task End_without_tables_is_not_held_up_and_says_what_is_lost()
    {
        var database = await postgres.CreateEmptyDatabaseAsync();
        await AssertLostAtOnceAsync(database);
    }

    [Fact]
    public async Task End_without_rights_is_not_held_up_and_says_what_is_lost()
    {
        await using var role = await TestRole.CreateAsync(postgres.ConnectionString, kind: null);
        await AssertLostAtOnceAsync(role.ConnectionString);
    }

    [Fact]
    public Task End_without_the_database_is_not_held_up_and_says_what_is_lost() =>
        AssertLostAtOnceAsync(With(settings => settings.Database = "no_such_database"));

    [Fact]
    public Task End_with_a_wrong_password_is_not_held_up_and_says_what_is_lost() =>
        AssertLostAtOnceAsync(With(settings => settings.Username = "no_such_role"));

    [Fact]
    public Task End_where_nobody_listens_is_not_held_up_and_says_what_is_lost() =>
        AssertLostAtOnceAsync(With(settings => (settings.Host, settings.Port) = ("127.0.0.1", 1)));

    [Fact]
    public async Task Row_that_comes_after_the_end_is_counted()
    {
        var host = new RunLogHost(postgres.ConnectionString);
        var logger = host.Logger;
        host.Enqueue("s");
        _ = await host.FlushAsync();
        var state = host.State;
        await host.EndAsync();
        logger.Enqueue(new RunLogEntry(host.Run, "late", RunStatus.Success));
        Assert.Equal((1, 1), (state.Written, state.Lost));
    }

    private static async Task AssertLostAtOnceAsync(string connectionString)
    {
        await using var host = new RunLogHost(connectionString, options => options.ShutdownTimeout = TimeSpan.FromMinutes(10));
        host.Enqueue("s", 25);
        await host.EndAsync();
        Assert.Equal(25, host.State.Lost);
        Assert.Contains(host.Warnings, said => said.StartsWith("3024: ", StringComparison.Ordinal) && said.Contains(" 25 were lost", StringComparison.Ordinal));
    }

    private string With(Action<NpgsqlConnectionStringBuilder> change)
    {
        var settings = new NpgsqlConnectionStringBuilder(postgres.ConnectionString);
        change(settings);
        return settings.ConnectionString;
    }
}
