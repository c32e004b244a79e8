using AiSystemSpec.Sdk.IntegrationTests.Cli;
using AiSystemSpec.Sdk.IntegrationTests.Infrastructure;
using AiSystemSpec.Sdk.Migrations;

namespace AiSystemSpec.Sdk.IntegrationTests.Migrations;

/// <summary>Operations through PgBouncer in transaction mode.</summary>
[Trait("Category", "PgBouncer")]
public sealed class PoolerTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private PgBouncer _bouncer = null!;

    public async Task InitializeAsync() => _bouncer = await PgBouncer.StartAsync(postgres.ConnectionString, poolSize: 20);

    public async Task DisposeAsync() => await _bouncer.DisposeAsync();

    [Fact]
    public async Task Migrate_rollback_and_adopt_through_a_transaction_pooler_stop_and_say_why()
    {
        var database = await postgres.CreateEmptyDatabaseAsync();
        var before = await DatabaseDigest.SchemaAsync(database);

        foreach (var command in new string[][] { ["migrate"], ["adopt"], ["rollback", "0"] })
        {
            var run = await CliRun.OfAsync(_bouncer.Through(database), command);

            Assert.Equal(1, run.Code);
            Assert.Contains("Use a direct connection", run.Error, StringComparison.Ordinal);
        }

        Assert.Equal(before, await DatabaseDigest.SchemaAsync(database));
    }

    [Fact]
    public Task MigrateAsync_eight_at_once_through_a_transaction_pooler_one_applies() => MigrateAtOnceAsync(2);

    [Fact]
    [Trait("Category", "Long")]
    public Task MigrateAsync_eight_at_once_through_a_transaction_pooler_one_applies_in_every_trial() =>
        MigrateAtOnceAsync(Trials.Count(few: 2, full: 50));

    private async Task MigrateAtOnceAsync(int trials)
    {
        for (var trial = 0; trial < trials; trial++)
        {
            var database = await postgres.CreateEmptyDatabaseAsync();
            var runs = Enumerable.Range(0, 8).Select(_ => MigratorHost.MigrateAsync(_bouncer.Through(database), new MigrateOptions { AllowPooler = true })).ToList();

            var results = await Task.WhenAll(runs);

            Assert.Equal(MigrationIds.All, Assert.Single(results, result => result.Applied.Count > 0).Applied);
            Assert.Equal(await DatabaseDigest.SchemaAsync(postgres.ConnectionString), await DatabaseDigest.SchemaAsync(database));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task MigrateAsync_whose_index_build_waits_behind_a_transaction_pooler_cancels_it_names_the_process_and_works_later(
        bool withSimilarity)
    {
        await using var blocked = await BlockedBuild.PrepareAsync(withSimilarity);
        var options = new MigrateOptions { AllowPooler = true, IndexLockTimeout = TimeSpan.FromSeconds(1), Attempts = 2, WithSimilarity = withSimilarity };

        await blocked.AssertGivesUpAndWorksLaterAsync(_bouncer.Through(blocked.Database), options);
    }

    [Fact]
    public async Task Status_plan_verify_and_grant_work_through_a_transaction_pooler()
    {
        var through = _bouncer.Through(await PostgresFixture.CreateDatabaseAsync());

        Assert.True((await MigratorHost.RunAsync(through, migrator => migrator.GetStatusAsync())).IsUpToDate);
        Assert.Empty((await MigratorHost.RunAsync(through, migrator => migrator.PlanAsync())).Pending);
        Assert.Empty((await MigratorHost.RunAsync(through, migrator => migrator.VerifyAsync())).Findings);
        await using var role = await TestRole.CreateAsync(through, GrantKind.App);
    }

    [Fact]
    public async Task No_setting_of_a_run_leaks_to_other_clients_of_the_pooler()
    {
        await using var single = await PgBouncer.StartAsync(postgres.ConnectionString, poolSize: 3);
        var database = await postgres.CreateEmptyDatabaseAsync();

        await MigratorHost.MigrateAsync(single.Through(database), new MigrateOptions { AllowPooler = true });

        for (var look = 0; look < 5; look++)
        {
            Assert.Equal("0|\"$user\", public", await Sql.ScalarAsync<string>(single.Through(database), "SELECT current_setting('lock_timeout') || '|' || current_setting('search_path')"));
        }
    }
}
