extern alias sdk;

using AiSystemSpec.Sdk.IntegrationTests.Infrastructure;
using AiSystemSpec.Sdk.Migrations;
using LockKeys = sdk::AiSystemSpec.Sdk.Connections.AdvisoryLocks.LockKeys;

namespace AiSystemSpec.Sdk.IntegrationTests.Migrations;

/// <summary>A compiled bundle and <c>dotnet ef database update</c>, as real processes beside the tool and the API.</summary>
[Trait("Category", "EfTools")]
public sealed class EntityFrameworkToolTests(PostgresFixture postgres, EntityFrameworkTools tools) : IClassFixture<PostgresFixture>, IClassFixture<EntityFrameworkTools>
{
    private const string UpToDate = "The database is already up to date.";
    private const string NothingLeft = "Nothing was left to do.";

    [Fact]
    [Trait("Category", "Long")]
    public async Task Eight_at_once_in_every_way_one_applies_and_the_rest_say_that_nothing_was_left()
    {
        for (var trial = 0; trial < Trials.Count(few: 1, full: 10); trial++)
        {
            var database = await postgres.CreateEmptyDatabaseAsync();
            await AssertOneAppliesAsync(database, database, new MigrateOptions());
        }
    }

    [Fact]
    [Trait("Category", "Long")]
    public async Task Eight_at_once_in_every_way_through_a_transaction_pooler_one_applies_and_the_rest_say_that_nothing_was_left()
    {
        await using var bouncer = await PgBouncer.StartAsync(postgres.ConnectionString, poolSize: 20);
        for (var trial = 0; trial < Trials.Count(few: 1, full: 10); trial++)
        {
            var database = await postgres.CreateEmptyDatabaseAsync();
            await AssertOneAppliesAsync(database, bouncer.Through(database), new MigrateOptions { AllowPooler = true });
        }
    }

    [Fact]
    public async Task Bundle_with_a_lock_timeout_in_its_connection_gives_up_in_bounded_time_and_works_later()
    {
        var database = await PostgresFixture.CreateDatabaseAsync();
        await MigratorHost.RunAsync(database, migrator => migrator.RollbackAsync(MigrationIds.CreateTables));
        await using var other = await Sql.OpenAsync(database);
        await using var transaction = await other.BeginTransactionAsync();
        await using var insert = Sql.Command(other, "INSERT INTO public.research_cache (topic) VALUES ('not committed')");
        await insert.ExecuteNonQueryAsync();

        var blocked = await tools.BundleAsync($"{database};Options=-c lock_timeout=1s");
        await transaction.RollbackAsync();
        var again = await tools.BundleAsync($"{database};Options=-c lock_timeout=1s");

        Assert.Contains("canceling statement due to lock timeout", blocked.Said, StringComparison.Ordinal);
        Assert.Equal((1, 0), (blocked.Code, again.Code));
        Assert.Equal(await DatabaseDigest.SchemaAsync(postgres.ConnectionString), await DatabaseDigest.SchemaAsync(database));
    }

    // The lock is held until each of the eight was seen: they really meet.
    private async Task AssertOneAppliesAsync(string database, string connection, MigrateOptions options)
    {
        await using var holder = await Sql.OpenAsync(database);
        await using var transaction = await holder.BeginTransactionAsync();
        await using var take = Sql.Command(holder, $"SELECT pg_advisory_xact_lock({LockKeys.Migrations})");
        await take.ExecuteNonQueryAsync();
        var runs = new List<Task<(bool Applied, string Said)>>();
        for (var number = 0; number < 8; number++)
        {
            runs.Add(MigrateAsync(number, $"{connection};Application Name=way {number}", options));
        }

        await UntilSeenAsync(database, runs);
        await transaction.RollbackAsync();
        var results = await Task.WhenAll(runs);

        Assert.Single(results, result => result.Applied);
        Assert.All(results.Where(result => !result.Applied), result => Assert.Matches($"{UpToDate}|{NothingLeft}", result.Said));
        Assert.Equal(await DatabaseDigest.SchemaAsync(postgres.ConnectionString), await DatabaseDigest.SchemaAsync(database));
    }

    private async Task<(bool Applied, string Said)> MigrateAsync(int number, string connection, MigrateOptions options)
    {
        if (number % 4 == 0)
        {
            var result = await MigratorHost.MigrateAsync(connection, options);
            return (result.Applied.Count > 0, NothingLeft);
        }

        var run = await ((number % 4) switch
        {
            1 => tools.BundleAsync(connection),
            2 => tools.UpdateAsync(connection),
            _ => ProgramRun.OfAsync(Path.GetTempPath(), "dotnet", [Path.Combine(AppContext.BaseDirectory, "aispec.dll"), "migrate", "--connection", connection, .. options.AllowPooler ? ["--allow-pooler"] : Array.Empty<string>()]),
        });
        Assert.True(run.Code == 0, run.Said);
        return (run.Out.Contains(MigrationIds.CreateIndexes, StringComparison.Ordinal), run.Out);
    }

    private static async Task UntilSeenAsync(string database, List<Task<(bool Applied, string Said)>> runs)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        using var timeout = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        await using var connection = await Sql.OpenAsync(database);
        await using var look = Sql.Command(connection, "SELECT coalesce(string_agg(application_name, ','), '') FROM pg_stat_activity WHERE application_name LIKE 'way %' AND datname = current_database()");
        while (seen.Count < runs.Count)
        {
            Assert.Empty(runs.Where(run => run.IsCompleted).Select(run => run.Result)); // none goes past the lock
            seen.UnionWith(((string)(await look.ExecuteScalarAsync())!).Split(',', StringSplitOptions.RemoveEmptyEntries));
            await Task.Delay(10, timeout.Token);
        }
    }
}
