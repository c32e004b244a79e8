using AiSystemSpec.Sdk.IntegrationTests.Cli;
using AiSystemSpec.Sdk.IntegrationTests.Infrastructure;
using AiSystemSpec.Sdk.IntegrationTests.Infrastructure.Routes;
using AiSystemSpec.Sdk.Migrations;

namespace AiSystemSpec.Sdk.IntegrationTests.Migrations;

/// <summary>kill -9 of the tool in the middle of a run.</summary>
public sealed class KilledMigrationTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private const int FewTrials = 4;

    [Fact]
    public Task Migrate_killed_at_any_statement_and_run_again_leaves_the_same_schema_and_no_lock() => KillAndMigrateAsync(isEach: false);

    [Fact]
    [Trait("Category", "Long")]
    public Task Migrate_killed_before_and_after_each_statement_and_run_again_leaves_the_same_schema_and_no_lock() =>
        KillAndMigrateAsync(Trials.IsFull);

    [Fact]
    public async Task Migrate_after_a_kill_in_the_middle_of_an_index_build_waits_for_the_server_to_finish_it()
    {
        var database = await PostgresFixture.CreateDatabaseAsync();
        await MigratorHost.RunAsync(database, migrator => migrator.RollbackAsync(MigrationIds.CreateTables));
        await using var other = await Sql.OpenAsync(database);
        await using var transaction = await other.BeginTransactionAsync();
        await using var insert = Sql.Command(other, "INSERT INTO public.scripts (content) VALUES ('the build waits for this')");
        await insert.ExecuteNonQueryAsync();
        await KillWhileBuildingAsync(database);
        var builder = await Sql.ScalarAsync<int>(database, "SELECT pid FROM pg_stat_progress_create_index WHERE datname = current_database()");
        var built = await Sql.ScalarAsync<uint>(database, "SELECT 'public.ix_scripts_created_at_id'::regclass::oid");

        var impatient = await Assert.ThrowsAsync<MigrationException>(() => MigratorHost.MigrateAsync(
            database, new MigrateOptions { IndexLockTimeout = TimeSpan.FromSeconds(3), Attempts = 2 }));
        var patient = MigratorHost.MigrateAsync(database);
        await Sessions.UntilAsync(database, "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE starts_with(query, 'LOCK TABLE public.scripts') AND wait_event_type = 'Lock')");
        await transaction.CommitAsync();

        Assert.Contains($"process {builder} ", impatient.Message, StringComparison.Ordinal);
        Assert.Contains("it builds an index, as it does even when its client was killed", impatient.Message, StringComparison.Ordinal);
        Assert.Equal(MigrationIds.All[1..], (await patient).Applied);
        Assert.Equal(built, await Sql.ScalarAsync<uint>(database, "SELECT 'public.ix_scripts_created_at_id'::regclass::oid")); // not dropped and built twice
        Assert.Equal(await DatabaseDigest.SchemaAsync(postgres.ConnectionString), await DatabaseDigest.SchemaAsync(database));
    }

    private static async Task KillWhileBuildingAsync(string database)
    {
        using var process = KilledTool.Start(database, "migrate", "--json");
        await Sessions.UntilAsync(database, "SELECT EXISTS (SELECT FROM pg_stat_progress_create_index WHERE datname = current_database() AND phase = 'waiting for writers before build')");
        process.Kill();
        await process.WaitForExitAsync();
    }

    private async Task KillAndMigrateAsync(bool isEach)
    {
        var expected = await DatabaseDigest.SchemaAsync(postgres.ConnectionString);
        var statements = (await MigratorHost.RunAsync(TestRoute.Direct(await postgres.CreateEmptyDatabaseAsync()), migrator => migrator.PlanAsync())).Statements;
        var moments = 2 * statements.Count; // before and after each
        var trials = isEach ? moments : FewTrials;
        for (var trial = 0; trial < trials; trial++)
        {
            var moment = trial * (moments - 1) / (trials - 1);
            var database = await postgres.CreateEmptyDatabaseAsync();

            await KilledTool.KillAtAsync(database, statements, moment / 2, isAfterwards: moment % 2 == 1, "migrate");
            await MigratorHost.MigrateAsync(database);

            Assert.Equal(expected, await DatabaseDigest.SchemaAsync(database));
            await Sessions.UntilNoneAsync(database);
        }
    }
}
