using System.Text.Json;
using AiSystemSpec.Sdk.IntegrationTests.Infrastructure;
using AiSystemSpec.Sdk.IntegrationTests.Infrastructure.Routes;
using AiSystemSpec.Sdk.IntegrationTests.Migrations;

namespace AiSystemSpec.Sdk.IntegrationTests.Cli;

public sealed class CliTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Fact]
    public async Task Commands_from_empty_to_migrated_and_back_exit_as_documented()
    {
        var database = await postgres.CreateEmptyDatabaseAsync();

        Assert.Equal(3, (await CliRun.OfAsync(database, "status")).Code);
        Assert.Equal(3, (await CliRun.OfAsync(database, "plan")).Code);
        Assert.Equal(4, (await CliRun.OfAsync(database, "verify")).Code);
        Assert.Equal(0, (await CliRun.OfAsync(database, "migrate")).Code);
        Assert.Contains("Nothing was left to do", (await CliRun.OfAsync(database, "migrate")).Out, StringComparison.Ordinal);
        Assert.Equal(0, (await CliRun.OfAsync(database, "status")).Code);
        Assert.Equal(0, (await CliRun.OfAsync(database, "plan")).Code);
        Assert.Equal(0, (await CliRun.OfAsync(database, "verify", "--strict")).Code);
        Assert.Equal(0, (await CliRun.OfAsync(database, "rollback", "CreateTables")).Code);
        Assert.Equal(3, (await CliRun.OfAsync(database, "status")).Code);
    }

    [Fact]
    public async Task Verify_exits_4_on_warnings_only_when_strict()
    {
        var database = await PostgresFixture.CreateDatabaseAsync();
        await Sql.ExecuteAsync(database, "DROP INDEX public.ix_scripts_created_at_id");

        Assert.Equal(0, (await CliRun.OfAsync(database, "verify")).Code);
        Assert.Equal(4, (await CliRun.OfAsync(database, "verify", "--strict")).Code);
    }

    [Theory]
    [InlineData("status")]
    [InlineData("plan")]
    [InlineData("migrate")]
    [InlineData("adopt")]
    [InlineData("verify")]
    [InlineData("runs")]
    public async Task Json_of_every_report_is_one_document_on_standard_output(string command)
    {
        var run = await CliRun.OfAsync(postgres.ConnectionString, command, "--json");

        Assert.Equal(0, run.Code);
        using var document = JsonDocument.Parse(run.Out);
        Assert.NotEqual(JsonValueKind.Undefined, document.RootElement.ValueKind);
    }

    [Fact]
    public async Task Migrate_in_a_pipe_prints_plain_progress_lines_apart_from_the_result()
    {
        var run = await CliRun.OfAsync(await postgres.CreateEmptyDatabaseAsync(), "migrate");

        Assert.StartsWith("Applied: ", run.Out, StringComparison.Ordinal);
        Assert.Matches(@"\n  tables [^\n]*public\.scripts[^\n]*: done, ", run.Error);
        Assert.Contains("  index ix_scripts_created_at_id: done, ", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("BEGIN", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("\r", run.Error.ReplaceLineEndings("\n"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Runs_prints_the_rows_of_a_run_as_a_table()
    {
        await using var host = HostServices.Over(postgres.ConnectionString);
        await host.Runs.WriteAsync(new RunLogEntry("cli-run", "research", RunStatus.Success));
        await host.Runs.WriteAsync(new RunLogEntry("cli-other", "script", RunStatus.Failure) { ErrorSummary = "broke" });

        var one = await CliRun.OfAsync(postgres.ConnectionString, "runs", "cli-run");
        var failures = await CliRun.OfAsync(postgres.ConnectionString, "runs", "--status", "failure");

        Assert.Contains("cli-run", one.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("cli-other", one.Out, StringComparison.Ordinal);
        Assert.Contains("broke", failures.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("grant")]
    [InlineData("grant", "king")]
    [InlineData("grant", "king", "--as", "king")]
    [InlineData("runs", "--status", "failed")]
    [InlineData("rollback")]
    [InlineData("migrate", "--lock-timeout", "soon")]
    [InlineData("migrate", "--lock-timeout", "0")]
    [InlineData("migrate", "--lock-timeout", "0.0001")]
    [InlineData("migrate", "--lock-timeout", "2,5")]
    [InlineData("migrate", "--lock-timeout", "1e300")]
    [InlineData("migrate", "--lock-timeout", "NaN")]
    [InlineData("migrate", "--lock-timeout", "-1")]
    [InlineData("migrate", "--index-lock-timeout", "3000000")]
    [InlineData("migrate", "--run-wait", "1e9")]
    [InlineData("adopt", "--lock-timeout", "3000000")]
    [InlineData("runs", "--limit", "0")]
    [InlineData("runs", "--limit", "1001")]
    [InlineData("runs", "--limit", "99999999999")]
    [InlineData("purge", "--keep-latest-scripts", "0")]
    [InlineData("purge", "--keep-latest-per-topic", "-1")]
    [InlineData("purge", "--run-age", "99999999999d")]
    public async Task Wrong_usage_exits_2(params string[] arguments) =>
        Assert.Equal(2, (await CliRun.OfAsync(postgres.ConnectionString, arguments)).Code);

    [Theory]
    [InlineData("--lock-timeout", "3000000", "from 0.001 to 2147483.647")]
    [InlineData("--run-wait", "2,5", "from 0 to 2147483.647")]
    public async Task A_number_out_of_range_is_refused_before_connecting_by_the_name_of_its_option(
        string option, string number, string range)
    {
        var run = await CliRun.OfAsync("Host=127.0.0.1;Port=1;Username=u", "migrate", option, number);

        Assert.Equal(2, run.Code);
        Assert.Contains($"{option} is \"{number}\"", run.Error, StringComparison.Ordinal);
        Assert.Contains(range, run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--drop-table names \"videos\"", "rollback", "0", "--drop-table", "videos")]
    [InlineData("No role is named", "grant", "", "--as", "app")]
    public async Task An_error_about_an_option_names_it_as_it_is_typed(string named, params string[] arguments)
    {
        var run = await CliRun.OfAsync(postgres.ConnectionString, arguments);

        Assert.Equal(2, run.Code);
        Assert.Contains(named, run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("Options.", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Seconds_are_read_alike_in_every_culture()
    {
        var database = await PostgresFixture.CreateDatabaseAsync();
        await MigratorHost.RunAsync(database, migrator => migrator.RollbackAsync(MigrationIds.CreateTables));
        var german = new Dictionary<string, string>(StringComparer.Ordinal) { ["LANG"] = "de_DE.UTF-8", ["LC_ALL"] = "de_DE.UTF-8", ["AISYSTEMSPEC_CONNECTION"] = TestRoute.Direct(database) };

        var run = await AispecProcess.RunAsync(german, "migrate", "--verbose", "--index-lock-timeout", "2.5");

        Assert.Equal(0, run.Code);
        Assert.Contains("SET lock_timeout = 2500;", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Status_tells_a_newer_packages_migration_from_its_own()
    {
        var database = await PostgresFixture.CreateDatabaseAsync();
        await Sql.ExecuteAsync(database, "INSERT INTO ai_system_spec.migrations_history VALUES ('29990101000000_Newer', '99.0.0', NULL)");

        var run = await CliRun.OfAsync(database, "status");

        Assert.Contains("unknown  29990101000000_Newer (applied by a newer package)", run.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("applied  29990101000000_Newer", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Script_written_to_a_folder_has_Supabases_file_names()
    {
        var folder = Directory.CreateTempSubdirectory("aispec-");
        try
        {
            Assert.Equal(0, (await CliRun.OfAsync(connection: null, "script", "--supabase", folder.FullName)).Code);
            Assert.Equal(MigrationIds.All.Select(id => $"{id}.sql"), folder.EnumerateFiles().Select(file => file.Name).Order(StringComparer.Ordinal));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
