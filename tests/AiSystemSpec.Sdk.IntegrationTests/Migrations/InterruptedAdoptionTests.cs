using AiSystemSpec.Sdk.IntegrationTests.Cli;
using AiSystemSpec.Sdk.IntegrationTests.Infrastructure;
using AiSystemSpec.Sdk.Migrations;

namespace AiSystemSpec.Sdk.IntegrationTests.Migrations;

/// <summary>An adoption that breaks off leaves nothing, and one beside other runs leaves what one alone leaves.</summary>
public sealed class InterruptedAdoptionTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private const int FewTrials = 4;

    [Fact]
    public Task Adopt_killed_at_any_statement_leaves_nothing_or_all_and_works_again() => KillAndAdoptAsync(isEach: false);

    [Fact]
    [Trait("Category", "Long")]
    public Task Adopt_killed_before_and_after_each_statement_leaves_nothing_or_all_and_works_again() => KillAndAdoptAsync(Trials.IsFull);

    [Fact]
    public Task Adopt_and_migrate_eight_at_once_adopt_once_and_lose_no_row() => RunAtOnceAsync(2);

    [Fact]
    [Trait("Category", "Long")]
    public Task Adopt_and_migrate_eight_at_once_adopt_once_and_lose_no_row_in_every_trial() =>
        RunAtOnceAsync(Trials.Count(few: 2, full: 50));

    [Fact]
    public async Task AdoptAsync_that_fails_in_the_middle_leaves_nothing()
    {
        var database = await CreateAsync();
        await Sql.ExecuteAsync(database, """
            CREATE FUNCTION public.fail() RETURNS event_trigger LANGUAGE plpgsql AS $$
            BEGIN
              IF EXISTS (SELECT FROM pg_event_trigger_ddl_commands() WHERE object_identity = 'ai_system_spec.found_tables') THEN
                RAISE EXCEPTION 'not today';
              END IF;
            END $$;
            CREATE EVENT TRIGGER fail ON ddl_command_end EXECUTE FUNCTION public.fail()
            """);
        var (rows, schema) = (await DatabaseDigest.RowsAsync(database), await DatabaseDigest.SchemaAsync(database));

        var error = await Assert.ThrowsAsync<MigrationException>(() => MigratorHost.RunAsync(database, migrator => migrator.AdoptAsync()));

        Assert.Contains("not today", error.Message, StringComparison.Ordinal);
        Assert.Equal(rows, await DatabaseDigest.RowsAsync(database));
        Assert.Equal(schema, await DatabaseDigest.SchemaAsync(database));
    }

    private async Task KillAndAdoptAsync(bool isEach)
    {
        var dryRun = await MigratorHost.RunAsync(await CreateAsync(), migrator => migrator.AdoptAsync(new AdoptOptions { DryRun = true }));
        IReadOnlyList<string> statements = [.. dryRun.Statements, "COMMIT;"];
        var moments = 2 * statements.Count; // before and after each
        var trials = isEach ? moments : FewTrials;
        for (var trial = 0; trial < trials; trial++)
        {
            var moment = trial * (moments - 1) / (trials - 1);
            var database = await CreateAsync();
            var (rows, schema) = (await DatabaseDigest.RowsAsync(database), await DatabaseDigest.SchemaAsync(database));

            await KilledTool.KillAtAsync(database, statements, moment / 2, isAfterwards: moment % 2 == 1, "adopt");
            await Sessions.UntilNoneAsync(database);
            var isCommitted = moment == moments - 1;

            Assert.Equal(!isCommitted, string.Equals(schema, await DatabaseDigest.SchemaAsync(database), StringComparison.Ordinal));
            var again = await MigratorHost.RunAsync(database, migrator => migrator.AdoptAsync());
            Assert.Equal(isCommitted, again.Statements.Count == 0);
            await AssertCompleteAsync(database, rows);
        }
    }

    private async Task RunAtOnceAsync(int trials)
    {
        for (var trial = 0; trial < trials; trial++)
        {
            var database = await CreateAsync();
            var rows = await DatabaseDigest.RowsAsync(database);
            var adoptions = Enumerable.Range(0, 4).Select(_ => MigratorHost.RunAsync(database, migrator => migrator.AdoptAsync())).ToList();
            var migrations = Enumerable.Range(0, 4).Select(_ => TryMigrateAsync(database)).ToList();

            var adopted = await Task.WhenAll(adoptions);
            var migrated = await Task.WhenAll(migrations);

            Assert.Single(adopted, adoption => adoption.Statements.Count > 0);
            Assert.True(migrated.Count(applied => applied > 0) <= 1);
            await AssertCompleteAsync(database, rows);
        }
    }

    /// <returns>How many migrations it applied; none where the database was not adopted yet, which it says.</returns>
    private static async Task<int> TryMigrateAsync(string database)
    {
        try
        {
            return (await MigratorHost.MigrateAsync(database)).Applied.Count;
        }
        catch (MigrationException exception)
        {
            Assert.Contains("Run aispec adopt", exception.Message, StringComparison.Ordinal);
            return 0;
        }
    }

    private static async Task AssertCompleteAsync(string database, string rows)
    {
        await MigratorHost.MigrateAsync(database);
        Assert.Equal(rows, await DatabaseDigest.RowsAsync(database, except: ["pipeline_runs"]));
        Assert.True((await MigratorHost.RunAsync(database, migrator => migrator.VerifyAsync())).IsMatch);
        Assert.Equal(MigrationIds.All, (await MigratorHost.RunAsync(database, migrator => migrator.GetStatusAsync())).Applied);
    }

    private async Task<string> CreateAsync()
    {
        var database = await postgres.CreateEmptyDatabaseAsync();
        await Sql.ExecuteAsync(database, FieldDatabases.Sql(FieldDatabases.Adoptable["pipeline_runs missing"]));
        return database;
    }
}
