using AiSystemSpec.Sdk.IntegrationTests.Infrastructure;
using AiSystemSpec.Sdk.IntegrationTests.Infrastructure.Routes;
using Npgsql;

namespace AiSystemSpec.Sdk.IntegrationTests.Registration;

/// <summary>What hosts get from the services where the database cannot be used: the server's own error, from every call, and no password.</summary>
public sealed class UnusableDatabaseTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private const string WrongPassword = "secret-word";

    [Theory]
    [InlineData("wrong password", PostgresErrorCodes.InvalidPassword)]
    [InlineData("missing database", PostgresErrorCodes.InvalidCatalogName)]
    [InlineData("missing tables", PostgresErrorCodes.UndefinedTable)]
    [InlineData("role without rights", PostgresErrorCodes.InsufficientPrivilege)]
    public async Task Services_throw_the_servers_error(string what, string sqlState)
    {
        await using var role = await TestRole.CreateAsync(postgres.ConnectionString, kind: null);
        await using var host = HostServices.Over(await ConnectionAsync(what, role));
        Dictionary<string, Func<Task>> calls = new(StringComparer.Ordinal)
        {
            ["GetFresh"] = async () => await host.Research.GetFreshAsync("topic"),
            ["Store"] = () => host.Research.StoreAsync("topic", "content"),
            ["GetOrResearch"] = async () => await host.Research.GetOrResearchAsync("topic", (_, _) => Task.FromResult("content")),
            ["Save"] = () => host.Scripts.SaveAsync("script"),
            ["Write"] = () => host.Runs.WriteAsync(new RunLogEntry("run", "stage", RunStatus.Success)),
            ["GetRun"] = () => host.History.GetRunAsync("run"),
        };

        foreach (var (name, call) in calls)
        {
            var error = await Record.ExceptionAsync(call);
            Assert.True(error is PostgresException { SqlState: var state } && state == sqlState, $"{name}: {error}");
            Assert.DoesNotContain(WrongPassword, error.ToString(), StringComparison.Ordinal);
        }
    }

    private async Task<string> ConnectionAsync(string what, TestRole role) => what switch
    {
        "wrong password" => new NpgsqlConnectionStringBuilder(TestRoute.Direct(postgres.ConnectionString)) { Password = WrongPassword }.ConnectionString,
        "missing database" => new NpgsqlConnectionStringBuilder(TestRoute.Direct(postgres.ConnectionString)) { Database = "does_not_exist" }.ConnectionString,
        "missing tables" => await postgres.CreateEmptyDatabaseAsync(),
        _ => role.ConnectionString,
    };
}
