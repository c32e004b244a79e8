using System.Text.Json;
using AiSystemSpec.Sdk.IntegrationTests.Infrastructure;
using AiSystemSpec.Sdk.IntegrationTests.Migrations;
using Npgsql;

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
        Assert.Contains($"{MigrationIds.CreateTables}: CREATE TABLE public.scripts", run.Error, StringComparison.Ordinal);
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

    public static TheoryData<string, int, string> BadConnections => new()
    {
        { "", 2, "AISYSTEMSPEC_CONNECTION" },
        { "Host=x;Nonsense=secret-word", 2, "cannot be read" },
        { "Username=nobody", 2, "names no host" },
        { "Host=127.0.0.1;Port=1;Username=u;Password=secret-word", 5, "No server answers at 127.0.0.1:1" },
        { "Host=does-not-exist.invalid;Username=u;Password=secret-word", 5, "No server answers at does-not-exist.invalid" },
        { "postgresql://u:secret-word@127.0.0.1:1/db", 5, "No server answers" },
        { "Host=127.0.0.1:1,127.0.0.1:2;Username=u;Password=secret-word", 5, "None of the hosts" },
    };

    [Theory]
    [MemberData(nameof(BadConnections))]
    public async Task Bad_connection_is_a_sentence_with_its_exit_code(string connection, int code, string said)
    {
        foreach (var command in new[] { "status", "migrate", "verify", "adopt", "plan" })
        {
            var run = await CliRun.OfAsync(connection, command);

            AssertSentence(run, code, said);
        }
    }

    [Fact]
    public async Task Bad_user_password_database_and_rights_are_sentences_and_nothing_is_changed()
    {
        var database = await postgres.CreateEmptyDatabaseAsync();
        var before = await DatabaseDigest.SchemaAsync(database);
        await using var role = await TestRole.CreateAsync(database, kind: null);

        AssertSentence(await CliRun.OfAsync(With(database, settings => settings.Password = "secret-word"), "migrate"), 5, "refused the password");
        AssertSentence(await CliRun.OfAsync(With(database, settings => settings.Database = "does_not_exist"), "migrate"), 5, "There is no database \"does_not_exist\"");
        AssertSentence(await CliRun.OfAsync(role.ConnectionString, "migrate"), 1, "lacks a right");
        AssertSentence(await CliRun.OfAsync($"{database};Options=-c default_transaction_read_only=on", "migrate"), 1, "only takes reads");

        Assert.Equal(before, await DatabaseDigest.SchemaAsync(database));
    }

    [Fact]
    public async Task Trace_prints_the_stack_only_when_asked()
    {
        const string connection = "Host=127.0.0.1;Port=1;Username=u;Password=secret-word";

        var run = await CliRun.OfAsync(connection, "status", "--trace");

        Assert.Contains("   at ", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("secret-word", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("grant")]
    [InlineData("grant", "--role", "king")]
    [InlineData("rollback")]
    [InlineData("migrate", "--lock-timeout", "soon")]
    [InlineData("migrate", "--lock-timeout", "0")]
    public async Task Wrong_usage_exits_2(params string[] arguments) =>
        Assert.Equal(2, (await CliRun.OfAsync(postgres.ConnectionString, arguments)).Code);

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

    private static void AssertSentence(CliRun run, int code, string said)
    {
        Assert.Contains(said, run.Error, StringComparison.Ordinal);
        Assert.Equal(code, run.Code);
        Assert.Empty(run.Out);
        Assert.DoesNotContain("secret-word", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Error, StringComparison.Ordinal);
    }

    private static string With(string database, Action<NpgsqlConnectionStringBuilder> change)
    {
        var settings = new NpgsqlConnectionStringBuilder(database);
        change(settings);
        return settings.ConnectionString;
    }
}
