using AiSystemSpec.Sdk.IntegrationTests.Infrastructure;
using AiSystemSpec.Sdk.IntegrationTests.Infrastructure.Routes;
using AiSystemSpec.Sdk.Migrations;
using AiSystemSpec.Sdk.Migrations.EntityFramework;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace AiSystemSpec.Sdk.IntegrationTests.Migrations;

public sealed class MigrateTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Fact]
    public async Task MigrateAsync_on_empty_database_applies_all_and_a_second_time_nothing()
    {
        var database = await postgres.CreateEmptyDatabaseAsync();

        var first = await MigratorHost.MigrateAsync(database);
        var before = await DatabaseDigest.SchemaAsync(database);
        var second = await MigratorHost.MigrateAsync(database);

        Assert.Equal(MigrationIds.All, first.Applied);
        Assert.Empty(second.Applied);
        Assert.Equal(before, await DatabaseDigest.SchemaAsync(database));
        Assert.True((await MigratorHost.RunAsync(database, migrator => migrator.GetStatusAsync())).IsUpToDate);
    }

    [Fact]
    public async Task GetStatusAsync_on_empty_database_creates_nothing()
    {
        var database = await postgres.CreateEmptyDatabaseAsync();
        var before = await DatabaseDigest.SchemaAsync(database);

        var status = await MigratorHost.RunAsync(database, migrator => migrator.GetStatusAsync());

        Assert.Empty(status.Applied);
        Assert.Equal(MigrationIds.All, status.Pending);
        Assert.Equal(before, await DatabaseDigest.SchemaAsync(database));
    }

    [Fact]
    public async Task MigrateAsync_leaves_the_same_schema_as_EF_and_as_the_history_that_EF_makes()
    {
        var ours = await postgres.CreateEmptyDatabaseAsync();
        var entityFrameworks = await postgres.CreateEmptyDatabaseAsync();

        await MigratorHost.MigrateAsync(ours);
        await MigrateByEntityFrameworkAsync(entityFrameworks);

        Assert.Equal(await DatabaseDigest.SchemaAsync(entityFrameworks), await DatabaseDigest.SchemaAsync(ours));
        const string history = """SELECT string_agg("MigrationId" || "Checksum", ',' ORDER BY 1) FROM ai_system_spec.migrations_history""";
        Assert.Equal(await Sql.ScalarAsync<string>(entityFrameworks, history), await Sql.ScalarAsync<string>(ours, history));
    }

    [Fact]
    public Task MigrateAsync_eight_at_once_and_EF_among_them_one_applies() => MigrateAtOnceAsync(2);

    [Fact]
    [Trait("Category", "Long")]
    public Task MigrateAsync_eight_at_once_and_EF_among_them_one_applies_in_every_trial() =>
        MigrateAtOnceAsync(Trials.Count(few: 2, full: 50));

    private async Task MigrateAtOnceAsync(int trials)
    {
        for (var trial = 0; trial < trials; trial++)
        {
            var database = await postgres.CreateEmptyDatabaseAsync();
            var runs = Enumerable.Range(0, 6).Select(_ => MigratorHost.MigrateAsync(database)).ToList();
            var entityFramework = Enumerable.Range(0, 2).Select(_ => MigrateByEntityFrameworkAsync(database));

            await Task.WhenAll([.. runs, .. entityFramework]);

            Assert.True(runs.Count(run => run.Result.Applied.Count > 0) <= 1);
            Assert.Equal((long)MigrationIds.All.Length, await Sql.ScalarAsync<long>(database, "SELECT count(*) FROM ai_system_spec.migrations_history"));
            Assert.Equal(0L, await Sql.ScalarAsync<long>(database, "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"));
        }
    }

    [Fact]
    public async Task MigrateAsync_when_names_are_taken_by_tables_of_others_refuses_and_points_to_adopt()
    {
        var database = await postgres.CreateEmptyDatabaseAsync();
        await Sql.ExecuteAsync(database, "CREATE TABLE public.scripts (id int)");
        var before = await DatabaseDigest.SchemaAsync(database);

        var error = await Assert.ThrowsAsync<MigrationException>(() => MigratorHost.MigrateAsync(database));

        Assert.Equal(MigrationErrorKind.Refused, error.Kind);
        Assert.Contains("aispec adopt", error.Message, StringComparison.Ordinal);
        Assert.Equal(before, await DatabaseDigest.SchemaAsync(database));
    }

    [Fact]
    public async Task MigrateAsync_finds_an_invalid_index_of_a_broken_build_and_builds_it_again()
    {
        var database = await postgres.CreateEmptyDatabaseAsync();
        await MigratorHost.MigrateAsync(database);
        await Sql.ExecuteAsync(database, $"""DELETE FROM ai_system_spec.migrations_history WHERE "MigrationId" = '{MigrationIds.CreateIndexes}'""");
        await Sql.ExecuteAsync(database, "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'public.ix_scripts_created_at_id'::regclass");
        var valid = await Sql.ScalarAsync<uint>(database, "SELECT 'public.ix_research_cache_topic_created_at'::regclass::oid");

        await MigratorHost.MigrateAsync(database);

        Assert.True(await Sql.ScalarAsync<bool>(database, "SELECT bool_and(indisvalid) FROM pg_index"));
        Assert.Equal(valid, await Sql.ScalarAsync<uint>(database, "SELECT 'public.ix_research_cache_topic_created_at'::regclass::oid")); // not built twice
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task MigrateAsync_when_a_transaction_stays_open_gives_up_in_bounded_time_names_it_and_works_later(bool withSimilarity)
    {
        await using var blocked = await BlockedBuild.PrepareAsync(withSimilarity);
        var options = new MigrateOptions { IndexLockTimeout = TimeSpan.FromSeconds(1), Attempts = 2, WithSimilarity = withSimilarity };

        await blocked.AssertGivesUpAndWorksLaterAsync(blocked.Database, options);
    }

    [Fact]
    public async Task MigrateAsync_that_breaks_off_leaves_no_setting_to_the_services_that_share_its_connections()
    {
        var database = await postgres.CreateEmptyDatabaseAsync();
        await MigratorHost.MigrateAsync(database);
        await MigratorHost.RunAsync(database, migrator => migrator.RollbackAsync(MigrationIds.CreateTables));
        await using var gate = await Sql.OpenAsync(database);
        await using var transaction = await gate.BeginTransactionAsync();
        await using var insert = Sql.Command(gate, "INSERT INTO public.scripts (content) VALUES ('not committed')");
        await insert.ExecuteNonQueryAsync();
        await using var services = new ServiceCollection().AddAiSystemSpec(TestRoute.Direct(database) + ";Application Name=shared").AddAiSystemSpecMigrations().BuildServiceProvider();

        await Assert.ThrowsAsync<MigrationException>(() => services.GetRequiredService<IAiSystemSpecMigrator>().MigrateAsync(
            new MigrateOptions { IndexLockTimeout = TimeSpan.FromMilliseconds(700), Attempts = 1 }));

        var pooled = await Sql.ScalarAsync<long>(database, "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'shared' AND datname = current_database()");
        Assert.True(pooled > 0);
        var contexts = Enumerable.Range(0, (int)pooled).Select(_ => services.GetRequiredService<IDbContextFactory<AiSystemSpecDbContext>>().CreateDbContext()).ToList();
        foreach (var context in contexts)
        {
            await context.Database.OpenConnectionAsync(); // all at once, so that each pooled connection is met
            Assert.Equal("0", await context.Database.SqlQueryRaw<string>("SELECT pg_catalog.current_setting('lock_timeout') AS \"Value\"").SingleAsync());
        }

        foreach (var context in contexts)
        {
            await context.DisposeAsync();
        }
    }

    [Fact]
    public async Task MigrateAsync_with_a_hostile_search_path_makes_the_same_schema()
    {
        var database = await postgres.CreateEmptyDatabaseAsync();
        var expected = await postgres.CreateEmptyDatabaseAsync();
        foreach (var target in new[] { database, expected })
        {
            await Sql.ExecuteAsync(target, """
                CREATE SCHEMA wicked;
                CREATE FUNCTION wicked.gen_random_uuid() RETURNS uuid LANGUAGE sql AS $$ SELECT '00000000-0000-0000-0000-000000000000'::uuid $$;
                CREATE FUNCTION wicked.now() RETURNS timestamptz LANGUAGE sql AS $$ SELECT 'epoch'::timestamptz $$;
                CREATE FUNCTION wicked."left"(text, int) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT 'x'::text $$
                """);
        }

        await Sql.ExecuteAsync(database, $"ALTER DATABASE \"{new NpgsqlConnectionStringBuilder(database).Database}\" SET search_path = wicked, pg_catalog, public");
        NpgsqlConnection.ClearAllPools();

        await MigratorHost.MigrateAsync(database);
        await MigratorHost.MigrateAsync(expected);
        await Sql.ExecuteAsync(database, "SET search_path = pg_catalog; INSERT INTO public.scripts (content) VALUES ('x')");

        Assert.True(await Sql.ScalarAsync<bool>(database, "SELECT id <> '00000000-0000-0000-0000-000000000000' AND created_at > pg_catalog.now() - interval '1 hour' FROM public.scripts"));
        Assert.True((await MigratorHost.RunAsync(database, migrator => migrator.VerifyAsync())).Findings.Count == 0);
    }

    private static async Task MigrateByEntityFrameworkAsync(string database)
    {
        await using var source = NpgsqlDataSource.Create(TestRoute.AsOwner(database));
        await using var context = new AiSystemSpecDbContext(MigrationsContextOptions.Create(source));
        await context.Database.MigrateAsync();
    }
}
