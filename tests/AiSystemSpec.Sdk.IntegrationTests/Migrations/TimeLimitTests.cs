using AiSystemSpec.Sdk.IntegrationTests.Cli;
using AiSystemSpec.Sdk.IntegrationTests.Infrastructure;
using AiSystemSpec.Sdk.IntegrationTests.Infrastructure.Routes;
using AiSystemSpec.Sdk.Migrations;
using AiSystemSpec.Sdk.Migrations.EntityFramework;
using AiSystemSpec.Sdk.Migrations.Scripts;
using Npgsql;

namespace AiSystemSpec.Sdk.IntegrationTests.Migrations;

/// <summary>
/// The time limits of a role or database, as Supabase sets them, and work that takes longer. A build that waits for another transaction
/// stands for one over a large table.
/// </summary>
[Trait("Category", "PgBouncer")]
public sealed class TimeLimitTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private static readonly TimeSpan Limit = TimeSpan.FromMilliseconds(400);

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public async Task MigrateAsync_under_every_time_limit_of_the_database_builds_for_longer_and_leaves_the_limits(
        bool withSimilarity, bool throughSessionPooler)
    {
        await using var blocked = await BlockedBuild.PrepareAsync(withSimilarity);
        await SetLimitsAsync(blocked.Database);
        await using var pooler = throughSessionPooler ? await PgBouncer.StartAsync(blocked.Database, poolSize: 20, mode: "session") : null;
        var way = pooler?.Through(blocked.Database) ?? TestRoute.Direct(blocked.Database);

        await using var host = new MigratorHost(way);
        var migration = host.Migrator.MigrateAsync(new MigrateOptions { WithSimilarity = withSimilarity });
        await blocked.UntilItWaitedAsync(2 * Limit);
        await blocked.UnblockAsync();
        await migration;

        Assert.True(await Sql.ScalarAsync<bool>(blocked.Database, "SELECT bool_and(indisvalid) FROM pg_index"));
        Assert.Equal("400ms", await Sql.ScalarAsync<string>(way, "SHOW statement_timeout"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Scripts_for_psql_under_every_time_limit_of_the_database_build_for_longer(bool isPlainSql)
    {
        await using var blocked = await BlockedBuild.PrepareAsync(isSimilarity: false);
        await SetLimitsAsync(blocked.Database);
        var script = isPlainSql
            ? PlainSql.WriteAll(MigrationCatalog.Instance).Single(file => file.FileName.EndsWith("_CreateIndexes.up.sql", StringComparison.Ordinal)).Text
            : await MigratorHost.RunAsync(blocked.Database, migrator => migrator.ScriptAsync());

        var run = Psql.RunAsync(blocked.Database, script);
        await blocked.UntilItWaitedAsync(2 * Limit);
        await blocked.UnblockAsync();

        Assert.True((await run).Code == 0, (await run).Error);
        Assert.Contains(MigrationIds.CreateIndexes, (await MigratorHost.RunAsync(TestRoute.Direct(blocked.Database), migrator => migrator.GetStatusAsync())).Applied);
        Assert.True(await Sql.ScalarAsync<bool>(blocked.Database, "SELECT bool_and(indisvalid) FROM pg_index"));
    }

    [Theory]
    [InlineData("ALTER DATABASE \"{0}\" SET statement_timeout = '2min'", "statement_timeout = 2min (ALTER DATABASE")]
    [InlineData("ALTER ROLE postgres IN DATABASE \"{0}\" SET statement_timeout = '90s'", "statement_timeout = 90s (ALTER ROLE postgres IN DATABASE")]
    public async Task MigrateAsync_through_a_transaction_pooler_names_a_limit_that_it_cannot_lift_before_anything_is_changed(
        string set, string named)
    {
        var database = await PostgresFixture.CreateDatabaseAsync();
        await MigratorHost.RunAsync(TestRoute.Direct(database), migrator => migrator.RollbackAsync(MigrationIds.CreateTables));
        await Sql.ExecuteAsync(database, "INSERT INTO public.scripts (content) VALUES ('a row')");
        await Sql.ExecuteAsync(database, string.Format(System.Globalization.CultureInfo.InvariantCulture, set, new NpgsqlConnectionStringBuilder(database).Database));
        await using var pooler = await PgBouncer.StartAsync(database, poolSize: 10);
        var before = await DatabaseDigest.SchemaAsync(database);

        var refused = await CliRun.OfAsync(pooler.Through(database), "migrate", "--allow-pooler");
        var unchanged = await DatabaseDigest.SchemaAsync(database);
        await Sql.ExecuteAsync(database, "TRUNCATE public.scripts");
        var empty = await CliRun.OfAsync(pooler.Through(database), "migrate", "--allow-pooler");

        Assert.Equal(1, refused.Code);
        Assert.Contains(named, refused.Error, StringComparison.Ordinal);
        Assert.Contains("public.ix_scripts_created_at_id", refused.Error, StringComparison.Ordinal);
        Assert.Contains("port 5432", refused.Error, StringComparison.Ordinal);
        Assert.Equal(before, unchanged);
        Assert.Equal(0, empty.Code);
    }

    [Fact]
    public async Task MigrateAsync_through_a_transaction_pooler_fails_when_nobody_bounds_its_build_any_more()
    {
        await using var blocked = await BlockedBuild.PrepareAsync(isSimilarity: false);
        await using var pooler = await PgBouncer.StartAsync(blocked.Database, poolSize: 2); // the lock's and the build's: none for the watch

        var error = await Assert.ThrowsAsync<MigrationException>(() => MigratorHost.MigrateAsync(
            pooler.Through(blocked.Database), new MigrateOptions { AllowPooler = true, IndexLockTimeout = TimeSpan.FromSeconds(1) }));

        Assert.Contains("the connection that bounds its wait was lost", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AdoptAsync_under_a_time_limit_shorter_than_its_wait_for_a_lock_names_who_holds_it()
    {
        var database = await postgres.CreateEmptyDatabaseAsync();
        await Sql.ExecuteAsync(database, FieldDatabases.Sql(""));
        await using var other = await Sql.OpenAsync(database);
        await using var transaction = await other.BeginTransactionAsync();
        await Sql.Command(other, "LOCK TABLE public.scripts").ExecuteNonQueryAsync();
        await SetLimitsAsync(database);

        var error = await Assert.ThrowsAsync<MigrationException>(() => MigratorHost.RunAsync(database, migrator => migrator.AdoptAsync(new AdoptOptions { LockTimeout = 2 * Limit })));

        Assert.Contains($"process {other.ProcessID}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task VerifyAsync_under_every_time_limit_of_the_database_looks_for_longer()
    {
        var database = await PostgresFixture.CreateDatabaseAsync();
        await using var other = await Sql.OpenAsync(database);
        await using var transaction = await other.BeginTransactionAsync();
        await Sql.Command(other, "LOCK TABLE public.scripts").ExecuteNonQueryAsync();
        await SetLimitsAsync(database);

        var verification = MigratorHost.RunAsync(database, migrator => migrator.VerifyAsync());
        await Sessions.UntilAsync(
            database,
            $"SELECT EXISTS (SELECT FROM pg_locks l JOIN pg_stat_activity a USING (pid) WHERE NOT l.granted AND a.datname = current_database() AND clock_timestamp() - a.query_start > interval '{2 * Limit.TotalMilliseconds} milliseconds')");
        await transaction.RollbackAsync();

        Assert.Empty((await verification).Findings);
    }

    [Fact]
    public async Task Migrate_that_is_tried_again_says_so_and_whom_it_waits_for()
    {
        await using var blocked = await BlockedBuild.PrepareAsync(isSimilarity: false);
        var tries = new List<MigrationProgress>();

        await Assert.ThrowsAsync<MigrationException>(() => MigratorHost.MigrateAsync(
            blocked.Database, new MigrateOptions { Attempts = 2, IndexLockTimeout = TimeSpan.FromSeconds(2), Progress = new Now(tries.Add) }));

        var again = Assert.Single(tries, progress => progress.Attempt == 2);
        Assert.Contains("the other one", again.WaitedFor, StringComparison.Ordinal);
    }

    private static async Task SetLimitsAsync(string database)
    {
        var name = new NpgsqlConnectionStringBuilder(database).Database;
        await Sql.ExecuteAsync(database, $"""
            DO $set$
            DECLARE setting text;
            BEGIN
              FOR setting IN SELECT name FROM pg_settings WHERE name IN ('statement_timeout', 'transaction_timeout', 'idle_in_transaction_session_timeout', 'lock_timeout') LOOP
                EXECUTE format('ALTER DATABASE "{name}" SET %I = %L', setting, '{Limit.TotalMilliseconds}ms');
              END LOOP;
            END
            $set$
            """);
    }

    private sealed class Now(Action<MigrationProgress> report) : IProgress<MigrationProgress>
    {
        public void Report(MigrationProgress value) => report(value);
    }
}
