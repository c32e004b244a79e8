using AiSystemSpec.Sdk.IntegrationTests.Cli;
using AiSystemSpec.Sdk.IntegrationTests.Infrastructure;
using AiSystemSpec.Sdk.Migrations;
using Npgsql;

namespace AiSystemSpec.Sdk.IntegrationTests.Migrations;

public sealed class IdentityTests(PostgresFixture postgres, SupabaseServer supabase) : IClassFixture<PostgresFixture>, IClassFixture<SupabaseServer>
{
    private const string Read = "SELECT id FROM ai_system_spec.database_identity";

    [Fact]
    public async Task MigrateAsync_makes_one_row_and_the_table_takes_no_second()
    {
        var (database, other) = (await postgres.CreateEmptyDatabaseAsync(), await postgres.CreateEmptyDatabaseAsync());
        await MigratorHost.MigrateAsync(database);
        await MigratorHost.MigrateAsync(other);

        var identity = await MigratorHost.RunAsync(database, migrator => migrator.GetIdentityAsync());
        var error = await Assert.ThrowsAsync<PostgresException>(() => Sql.ExecuteAsync(database, "INSERT INTO ai_system_spec.database_identity DEFAULT VALUES"));

        Assert.Equal(await Sql.ScalarAsync<Guid>(database, Read), identity!.Id);
        Assert.NotNull(identity.CreatedAt);
        Assert.Equal(PostgresErrorCodes.UniqueViolation, error.SqlState);
        Assert.NotEqual(identity.Id, await Sql.ScalarAsync<Guid>(other, Read));
    }

    [Fact]
    public async Task Identity_renew_gives_another_one_and_makes_a_lost_row_again()
    {
        var database = await PostgresFixture.CreateDatabaseAsync();
        var before = await CliRun.OfAsync(database, "identity");

        var renewed = await CliRun.OfAsync(database, "identity", "--renew");
        var shown = await CliRun.OfAsync(database, "identity");
        await Sql.ExecuteAsync(database, "DELETE FROM ai_system_spec.database_identity");
        var again = await MigratorHost.RunAsync(database, migrator => migrator.RenewIdentityAsync());

        Assert.Equal((0, 0, 0), (before.Code, renewed.Code, shown.Code));
        Assert.NotEqual(before.Out, renewed.Out);
        Assert.Equal(renewed.Out, shown.Out);
        Assert.Equal(again.Id, await Sql.ScalarAsync<Guid>(database, Read));
    }

    [Fact]
    public async Task Identity_of_a_database_without_one_says_so_and_renew_points_to_migrate()
    {
        var database = await postgres.CreateEmptyDatabaseAsync();

        var shown = await CliRun.OfAsync(database, "identity");
        var renewed = await CliRun.OfAsync(database, "identity", "--renew");

        Assert.Equal((1, 1), (shown.Code, renewed.Code));
        Assert.Contains("aispec migrate", shown.Error, StringComparison.Ordinal);
        Assert.Contains("aispec migrate", renewed.Error, StringComparison.Ordinal);
        Assert.False(await Sql.ScalarAsync<bool>(database, "SELECT EXISTS (SELECT FROM pg_namespace WHERE nspname = 'ai_system_spec')"));
    }

    [Theory]
    [InlineData("infinity")]
    [InlineData("-infinity")]
    [InlineData("294276-01-01 00:00:00+00")]
    [InlineData("4713-01-01 00:00:00+00 BC")]
    public async Task GetIdentityAsync_with_a_moment_that_NET_does_not_know_reads_the_identity(string moment)
    {
        var database = await PostgresFixture.CreateDatabaseAsync();
        await Sql.ExecuteAsync(database, $"UPDATE ai_system_spec.database_identity SET created_at = '{moment}'");

        var identity = await MigratorHost.RunAsync(database, migrator => migrator.GetIdentityAsync());

        Assert.Equal(await Sql.ScalarAsync<Guid>(database, Read), identity!.Id);
        Assert.Null(identity.CreatedAt);
    }

    [Theory]
    [InlineData(GrantKind.App)]
    [InlineData(GrantKind.Reader)]
    public async Task GrantAsync_lets_a_role_read_the_identity_and_not_change_it(GrantKind kind)
    {
        await using var role = await TestRole.CreateAsync(postgres.ConnectionString, kind);

        Assert.Equal(await Sql.ScalarAsync<Guid>(postgres.ConnectionString, Read), await Sql.ScalarAsync<Guid>(role.ConnectionString, Read));
        foreach (var change in new[] { "UPDATE ai_system_spec.database_identity SET id = gen_random_uuid()", "DELETE FROM ai_system_spec.database_identity", "CREATE TABLE ai_system_spec.mine (id int)" })
        {
            Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, (await Assert.ThrowsAsync<PostgresException>(() => Sql.ExecuteAsync(role.ConnectionString, change))).SqlState);
        }
    }

    [Fact]
    public async Task Identity_is_closed_to_the_public_roles_of_Supabase_even_where_every_new_table_is_granted_to_them()
    {
        var database = await supabase.CreateDatabaseAsync();
        await Sql.ExecuteAsync(database, "CREATE SCHEMA ai_system_spec; GRANT USAGE ON SCHEMA ai_system_spec TO anon, authenticated; ALTER DEFAULT PRIVILEGES IN SCHEMA ai_system_spec GRANT ALL ON TABLES TO anon, authenticated");

        await MigratorHost.MigrateAsync(database);

        Assert.False(await Sql.ScalarAsync<bool>(database, "SELECT has_table_privilege('anon', 'ai_system_spec.database_identity', 'SELECT') OR has_table_privilege('authenticated', 'ai_system_spec.database_identity', 'SELECT')"));
    }

    [Theory]
    [InlineData("DROP TABLE ai_system_spec.database_identity", "no such table")]
    [InlineData("DELETE FROM ai_system_spec.database_identity", "no row")]
    public async Task VerifyAsync_without_an_identity_warns_and_offers_SQL_that_makes_one(string loss, string found)
    {
        var database = await PostgresFixture.CreateDatabaseAsync();
        await Sql.ExecuteAsync(database, loss);

        var finding = Assert.Single((await MigratorHost.RunAsync(database, migrator => migrator.VerifyAsync())).Findings);
        await Sql.ExecuteAsync(database, finding.FixSql!);

        Assert.Equal((FindingSeverity.Warning, found), (finding.Severity, finding.Found));
        Assert.Empty((await MigratorHost.RunAsync(database, migrator => migrator.VerifyAsync())).Findings);
        Assert.NotNull(await MigratorHost.RunAsync(database, migrator => migrator.GetIdentityAsync()));
    }
}
