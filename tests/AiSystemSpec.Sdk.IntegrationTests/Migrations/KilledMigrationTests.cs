using System.Diagnostics;
using AiSystemSpec.Sdk.IntegrationTests.Infrastructure;

namespace AiSystemSpec.Sdk.IntegrationTests.Migrations;

/// <summary>kill -9 of the tool in the middle of a run.</summary>
public sealed class KilledMigrationTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private const int Steps = 28;

    [Fact]
    public Task Migrate_killed_at_any_statement_and_run_again_leaves_the_same_schema_and_no_lock() => KillAndMigrateAsync(4);

    [Fact]
    [Trait("Category", "Long")]
    public Task Migrate_killed_at_any_statement_and_run_again_leaves_the_same_schema_and_no_lock_in_every_trial() => KillAndMigrateAsync(Trials.Count(few: 4, full: 50));

    private async Task KillAndMigrateAsync(int trials)
    {
        var expected = await DatabaseDigest.SchemaAsync(postgres.ConnectionString);
        for (var trial = 0; trial < trials; trial++)
        {
            var database = await postgres.CreateEmptyDatabaseAsync();

            await KillAtAsync(database, step: 1 + (trial * (Steps - 1) / Math.Max(1, trials - 1)));
            await MigratorHost.MigrateAsync(database);

            Assert.Equal(expected, await DatabaseDigest.SchemaAsync(database));
            Assert.Equal(0L, await Sql.ScalarAsync<long>(
                database, "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"));
        }
    }

    private static async Task KillAtAsync(string database, int step)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "aispec.dll"), "migrate"])
        {
            UseShellExecute = false,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
            Environment = { ["AISYSTEMSPEC_CONNECTION"] = database },
        };
        using var process = Process.Start(start)!;
        while (await process.StandardError.ReadLineAsync() is { } line)
        {
            if (line.StartsWith($"[{step}/", StringComparison.Ordinal))
            {
                break;
            }
        }

        process.Kill();
        await process.WaitForExitAsync();
    }
}
