using AiSystemSpec.Sdk.IntegrationTests.Infrastructure;
using AiSystemSpec.Sdk.Migrations;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace AiSystemSpec.Sdk.IntegrationTests.Migrations;

public sealed class GrantTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Fact]
    public async Task GrantAsync_app_lets_the_services_work_and_no_DDL()
    {
        var database = postgres.ConnectionString;
        await using var role = await TestRole.CreateAsync(database, GrantKind.App);
        await using var host = HostServices.Over(role.ConnectionString);

        await host.Research.SaveAsync("granted", "content");
        await host.Research.RemoveAsync("granted");
        var script = await host.Scripts.SaveAsync("script");
        await host.Runs.WriteAsync(new RunLogEntry("granted", "research", RunStatus.Success));

        Assert.NotNull(await host.Scripts.GetAsync(script.Id));
        Assert.NotNull(await host.History.GetRunAsync("granted"));
        foreach (var ddl in new[] { "CREATE TABLE public.mine (id int)", "ALTER TABLE public.scripts ADD x int", "DROP TABLE public.scripts", "TRUNCATE public.scripts", "CREATE SCHEMA mine", "DELETE FROM ai_system_spec.migrations_history" })
        {
            var error = await Assert.ThrowsAsync<PostgresException>(() => Sql.ExecuteAsync(role.ConnectionString, ddl));
            Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, error.SqlState);
        }
    }

    [Fact]
    public async Task GrantAsync_reader_lets_it_read_and_not_write()
    {
        var database = postgres.ConnectionString;
        await using var reader = await TestRole.CreateAsync(database, GrantKind.Reader);

        await Sql.ScalarAsync<long>(reader.ConnectionString, "SELECT count(*) FROM public.pipeline_runs");

        var error = await Assert.ThrowsAsync<PostgresException>(() => Sql.ExecuteAsync(reader.ConnectionString, "INSERT INTO public.scripts (content) VALUES ('x')"));
        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, error.SqlState);
    }

    [Fact]
    public async Task GrantAsync_where_row_level_security_is_on_makes_the_policies_too()
    {
        var database = await PostgresFixture.CreateDatabaseAsync();
        await Sql.ExecuteAsync(database, "ALTER TABLE public.scripts ENABLE ROW LEVEL SECURITY");
        await using var app = await TestRole.CreateAsync(database, GrantKind.App);
        await using var reader = await TestRole.CreateAsync(database, GrantKind.Reader);

        await Sql.ExecuteAsync(app.ConnectionString, "INSERT INTO public.scripts (content) VALUES ('x')");

        Assert.Equal(1L, await Sql.ScalarAsync<long>(reader.ConnectionString, "SELECT count(*) FROM public.scripts"));
    }

    [Fact]
    public async Task Role_of_a_test_is_gone_when_the_test_ends_whatever_it_was_granted()
    {
        var database = await PostgresFixture.CreateDatabaseAsync();
        await Sql.ExecuteAsync(database, "ALTER TABLE public.scripts ENABLE ROW LEVEL SECURITY");
        var role = await TestRole.CreateAsync(database, GrantKind.App);
        await Sql.ExecuteAsync(database, $"GRANT CREATE ON DATABASE \"{new NpgsqlConnectionStringBuilder(database).Database}\" TO {role.Name}");

        await role.DisposeAsync();

        Assert.False(await Sql.ScalarAsync<bool>(database, $"SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = '{role.Name}')"));
    }

    [Fact]
    public async Task GrantAsync_app_lets_it_search_by_similarity_wherever_the_extension_is()
    {
        var database = await PostgresFixture.CreateDatabaseAsync();
        await Sql.ExecuteAsync(database, "CREATE SCHEMA \"Odd schema\"; CREATE EXTENSION pg_trgm SCHEMA \"Odd schema\"");
        await using var app = await TestRole.CreateAsync(database, GrantKind.App);
        await using var reader = await TestRole.CreateAsync(database, GrantKind.Reader);
        await using var host = HostServices.Over(app.ConnectionString);
        await host.Research.SaveAsync("how octopus sleeps", "content");

        Assert.Single(await host.Services.GetRequiredService<IResearchSearch>().FindSimilarAsync("how octopuses sleep"));
        Assert.False(await Sql.ScalarAsync<bool>(database, $"SELECT has_schema_privilege('{reader.Name}', 'Odd schema', 'USAGE')"));
    }

    [Fact]
    public async Task GrantAsync_app_where_the_extensions_schema_is_anothers_grants_the_rest()
    {
        var database = await postgres.CreateEmptyDatabaseAsync();
        await Sql.ExecuteAsync(database, "CREATE SCHEMA theirs; CREATE EXTENSION pg_trgm SCHEMA theirs");
        await using var owner = await TestRole.CreateAsync(database, kind: null);
        var name = new NpgsqlConnectionStringBuilder(database).Database;
        await Sql.ExecuteAsync(database, $"ALTER DATABASE \"{name}\" OWNER TO {owner.Name}; ALTER SCHEMA public OWNER TO {owner.Name}");
        await MigratorHost.MigrateAsync(owner.ConnectionString);
        await using var app = await TestRole.CreateAsync(database, kind: null);

        await MigratorHost.RunAsync(owner.ConnectionString, migrator => migrator.GrantAsync(app.Name, GrantKind.App));

        await Sql.ExecuteAsync(app.ConnectionString, "INSERT INTO public.scripts (content) VALUES ('x')");
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
