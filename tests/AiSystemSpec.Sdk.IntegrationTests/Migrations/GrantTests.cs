using AiSystemSpec.Sdk.IntegrationTests.Infrastructure;
using AiSystemSpec.Sdk.Migrations;
using Npgsql;

namespace AiSystemSpec.Sdk.IntegrationTests.Migrations;

public sealed class GrantTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Fact]
    public async Task GrantAsync_app_lets_the_services_work_and_no_DDL()
    {
        var database = postgres.ConnectionString;
        var app = VerifyTests.As(database, await VerifyTests.RoleAsync(database, GrantKind.App));
        await using var host = HostServices.Over(app);

        await host.Research.StoreAsync("granted", "content");
        await host.Research.RemoveAsync("granted");
        var script = await host.Scripts.SaveAsync("script");
        await host.Runs.WriteAsync(new RunLogEntry("granted", "research", RunStatus.Success));

        Assert.NotNull(await host.Scripts.GetAsync(script.Id));
        Assert.NotNull(await host.History.GetRunAsync("granted"));
        foreach (var ddl in new[] { "CREATE TABLE public.mine (id int)", "ALTER TABLE public.scripts ADD x int", "DROP TABLE public.scripts", "TRUNCATE public.scripts", "CREATE SCHEMA mine", "DELETE FROM ai_system_spec.migrations_history" })
        {
            var error = await Assert.ThrowsAsync<PostgresException>(() => Sql.ExecuteAsync(app, ddl));
            Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, error.SqlState);
        }
    }

    [Fact]
    public async Task GrantAsync_reader_lets_it_read_and_not_write()
    {
        var database = postgres.ConnectionString;
        var reader = VerifyTests.As(database, await VerifyTests.RoleAsync(database, GrantKind.Reader));

        await Sql.ScalarAsync<long>(reader, "SELECT count(*) FROM public.pipeline_runs");

        var error = await Assert.ThrowsAsync<PostgresException>(() => Sql.ExecuteAsync(reader, "INSERT INTO public.scripts (content) VALUES ('x')"));
        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, error.SqlState);
    }

    [Fact]
    public async Task GrantAsync_where_row_level_security_is_on_makes_the_policies_too()
    {
        var database = await PostgresFixture.CreateDatabaseAsync();
        await Sql.ExecuteAsync(database, "ALTER TABLE public.scripts ENABLE ROW LEVEL SECURITY");
        var app = VerifyTests.As(database, await VerifyTests.RoleAsync(database, GrantKind.App));
        var reader = VerifyTests.As(database, await VerifyTests.RoleAsync(database, GrantKind.Reader));

        await Sql.ExecuteAsync(app, "INSERT INTO public.scripts (content) VALUES ('x')");

        Assert.Equal(1L, await Sql.ScalarAsync<long>(reader, "SELECT count(*) FROM public.scripts"));
    }

    [Theory]
    [InlineData("anon", "everyone who reaches the REST layer")]
    [InlineData("service_role", "adopt --harden")]
    [InlineData("nobody_of_that_name", "CREATE ROLE")]
    public async Task GrantAsync_to_a_public_or_unknown_role_refuses(string role, string said)
    {
        var error = await Assert.ThrowsAsync<MigrationException>(() => MigratorHost.RunAsync(postgres.ConnectionString, migrator => migrator.GrantAsync(role, GrantKind.App)));

        Assert.Contains(said, error.Message, StringComparison.Ordinal);
    }
}
