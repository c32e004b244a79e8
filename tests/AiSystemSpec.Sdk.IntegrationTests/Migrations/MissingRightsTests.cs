using System.Globalization;
using AiSystemSpec.Sdk.IntegrationTests.Infrastructure;
using AiSystemSpec.Sdk.IntegrationTests.Infrastructure.Routes;
using AiSystemSpec.Sdk.Migrations;
using AiSystemSpec.Sdk.TestHost;

namespace AiSystemSpec.Sdk.IntegrationTests.Migrations;

/// <summary>The SDK's own schema is the migrator's: the services need nothing of it, and the migrator says what it may not.</summary>
public sealed class MissingRightsTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Theory]
    [InlineData("SELECT")] // only what aispec grant gives, which is not CREATE
    [InlineData("REVOKE ALL ON SCHEMA ai_system_spec FROM {0}")]
    [InlineData("DROP TABLE ai_system_spec.database_identity")]
    [InlineData("DROP SCHEMA ai_system_spec CASCADE")]
    public async Task Every_service_works_for_a_role_whatever_it_lacks_in_the_own_schema(string loss)
    {
        var database = TestRoute.Direct(await PostgresFixture.CreateDatabaseAsync());
        await using var role = await TestRole.CreateAsync(database, GrantKind.App);
        await Sql.ExecuteAsync(database, string.Format(CultureInfo.InvariantCulture, loss, role.Name));
        await using var host = HostServices.Over(role.ConnectionString);

        await ServiceTour.RunAsync(host.Services, database);
        foreach (var call in EveryService.Calls.Values.Concat(EveryService.Linq.Values))
        {
            await call(host);
        }

        Assert.False(await Sql.ScalarAsync<bool>(database, $"SELECT EXISTS (SELECT FROM pg_namespace WHERE nspname = 'ai_system_spec' AND has_schema_privilege('{role.Name}', oid, 'CREATE'))"));
    }

    [Fact]
    public async Task MigrateAsync_by_a_role_that_may_not_create_in_the_own_schema_names_it_and_works_after_the_grant()
    {
        var database = TestRoute.Direct(await PostgresFixture.CreateDatabaseAsync());
        await MigratorHost.RunAsync(database, migrator => migrator.RollbackAsync(MigrationIds.CreateIndexes));
        await using var role = await TestRole.CreateAsync(database, GrantKind.App);
        await Sql.ExecuteAsync(database, $"GRANT SELECT, INSERT ON ai_system_spec.migrations_history TO {role.Name}");
        var before = await DatabaseDigest.SchemaAsync(database);

        var error = await Assert.ThrowsAsync<MigrationException>(() => MigratorHost.MigrateAsync(role.ConnectionString));
        var unchanged = await DatabaseDigest.SchemaAsync(database);
        await Sql.ExecuteAsync(database, $"GRANT CREATE ON SCHEMA ai_system_spec TO {role.Name}");
        var migrated = await MigratorHost.MigrateAsync(role.ConnectionString);

        Assert.Equal(MigrationErrorKind.Refused, error.Kind);
        Assert.Contains("permission denied for schema ai_system_spec", error.Message, StringComparison.Ordinal);
        Assert.Contains("grant it", error.Message, StringComparison.Ordinal);
        Assert.Equal(before, unchanged);
        Assert.Equal([MigrationIds.All[^1]], migrated.Applied);
    }

    [Theory]
    [InlineData("REVOKE ALL ON DATABASE {1} FROM {0}", "permission denied for database")]
    [InlineData("GRANT CREATE ON DATABASE {1} TO {0}", "permission denied for schema public")]
    public async Task MigrateAsync_of_an_empty_database_by_a_role_without_rights_names_what_it_may_not(string sql, string named)
    {
        var database = TestRoute.Direct(await postgres.CreateEmptyDatabaseAsync());
        await using var role = await TestRole.CreateAsync(database, kind: null);
        var name = $"\"{await Sql.ScalarAsync<string>(database, "SELECT current_database()::text")}\"";
        await Sql.ExecuteAsync(database, string.Format(CultureInfo.InvariantCulture, sql, role.Name, name));

        var error = await Assert.ThrowsAsync<MigrationException>(() => MigratorHost.MigrateAsync(role.ConnectionString));

        Assert.Equal(MigrationErrorKind.Refused, error.Kind);
        Assert.Contains(named, error.Message, StringComparison.Ordinal);
        Assert.Equal(0L, await Sql.ScalarAsync<long>(database, "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'"));
    }
}
