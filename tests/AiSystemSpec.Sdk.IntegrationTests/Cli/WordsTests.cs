using System.Text.Json;
using AiSystemSpec.Sdk.IntegrationTests.Infrastructure;
using AiSystemSpec.Sdk.IntegrationTests.Migrations;

namespace AiSystemSpec.Sdk.IntegrationTests.Cli;

/// <summary>What the tool says, where a wrong word sends an operator the wrong way.</summary>
public sealed class WordsTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private const string NoServer = "Host=127.0.0.1;Port=1;Username=u";

    [Fact]
    public async Task Verify_says_that_all_is_well_where_differences_are_harmless()
    {
        var database = await PostgresFixture.CreateDatabaseAsync();
        await Sql.ExecuteAsync(database, "ALTER TABLE public.scripts ADD COLUMN more text");

        var run = await CliRun.OfAsync(database, "verify", "--strict");

        Assert.Equal(0, run.Code);
        Assert.Contains("All is well", run.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("findings", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Status_and_a_refused_dry_run_say_what_comes_next()
    {
        var adoptable = await postgres.CreateEmptyDatabaseAsync();
        await Sql.ExecuteAsync(adoptable, FieldDatabases.Sql(FieldDatabases.Adoptable["pipeline_runs missing"]));
        var refused = await postgres.CreateEmptyDatabaseAsync();
        await Sql.ExecuteAsync(refused, "CREATE TABLE public.scripts (id bigint PRIMARY KEY, content text)");

        var status = await CliRun.OfAsync(adoptable, "status");
        var empty = await CliRun.OfAsync(await postgres.CreateEmptyDatabaseAsync(), "status");
        var dryRun = await CliRun.OfAsync(refused, "adopt", "--dry-run");

        Assert.Contains("Run aispec adopt --dry-run", status.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("adopt", empty.Out, StringComparison.Ordinal);
        Assert.Contains("aispec migrate", empty.Out, StringComparison.Ordinal);
        Assert.Equal(1, dryRun.Code);
        Assert.Contains("would be refused", dryRun.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("CREATE SCHEMA", dryRun.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_not_there_is_said_and_is_no_success()
    {
        var run = await CliRun.OfAsync(postgres.ConnectionString, "runs", "no\u001bsuch");
        var status = await CliRun.OfAsync(postgres.ConnectionString, "runs", "--status", "failed");

        Assert.Equal((1, ""), (run.Code, run.Out));
        Assert.Contains("There is no run \"no\\x1bsuch\".", run.Error, StringComparison.Ordinal);
        Assert.Equal((2, ""), (status.Code, status.Out));
        Assert.Contains("--status is \"failed\", which no row has. Give success, failure, retry or skipped.", status.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_status_of_other_programs_may_be_asked_for()
    {
        var database = await PostgresFixture.CreateDatabaseAsync();
        await Sql.ExecuteAsync(database, "INSERT INTO public.pipeline_runs (run_id, status, input_refs, metrics) VALUES ('r', 'warning', '{\"a\":1}', '{\"model\":\"m\"}')");

        var run = await CliRun.OfAsync(database, "runs", "--status", "warning", "--json");

        Assert.Equal(0, run.Code);
        using var document = JsonDocument.Parse(run.Out);
        Assert.Equal(1, document.RootElement[0].GetProperty("inputRefs").GetProperty("a").GetInt32());
        Assert.Equal("m", document.RootElement[0].GetProperty("additionalMetrics").GetProperty("model").GetString());
    }

    [Fact]
    public async Task Rollback_names_every_table_that_has_rows()
    {
        var database = await PostgresFixture.CreateDatabaseAsync();
        await Sql.ExecuteAsync(database, "INSERT INTO public.scripts (content) VALUES ('s'); INSERT INTO public.pipeline_runs (run_id) VALUES ('r')");

        var run = await CliRun.OfAsync(database, "rollback", "0");

        Assert.Equal(1, run.Code);
        Assert.Contains("--drop-table pipeline_runs --drop-table scripts", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("in the options", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--stage does not go with a run id", "runs", "r", "--stage", "s")]
    [InlineData("--limit does not go with a run id", "runs", "r", "--limit", "5")]
    [InlineData("aispec grant web --as app", "grant", "--role", "app", "--to", "web")]
    [InlineData("aispec grant reader --as reader", "grant", "--role", "reader")]
    [InlineData("--as is missing", "grant", "web")]
    [InlineData("--as is \"king\"", "grant", "web", "--as", "king")]
    [InlineData("Did you mean --status?", "runs", "--stauts", "failure")]
    [InlineData("Did you mean status?", "stauts")]
    [InlineData("Did you mean list?", "spool", "lst")]
    [InlineData("aispec plan prints", "migrate", "--dry-run")]
    public async Task Wrong_usage_says_what_to_write(string said, params string[] arguments)
    {
        var run = await CliRun.OfAsync(NoServer, arguments);

        Assert.Equal((2, ""), (run.Code, run.Out));
        Assert.Contains(said, run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("migrate")]
    [InlineData("adopt")]
    [InlineData("rollback")]
    [InlineData("runs")]
    [InlineData("grant")]
    public async Task Help_says_each_default_once(string command)
    {
        var help = (await CliRun.OfAsync(connection: null, command, "--help")).Out;

        Assert.DoesNotContain("[default", help, StringComparison.Ordinal);
        Assert.All(help.Split('\n'), line => Assert.True(line.Split("Default: ").Length <= 2, line));
    }

    [Fact]
    public async Task Help_of_runs_lists_the_four_statuses() =>
        Assert.Contains("success, failure, retry or skipped", string.Join(' ', (await CliRun.OfAsync(connection: null, "runs", "--help")).Out.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);

    [Fact]
    public async Task Script_says_what_it_wrote()
    {
        var file = Path.Combine(Path.GetTempPath(), $"aispec-{Guid.NewGuid():N}.sql");
        try
        {
            var run = await CliRun.OfAsync(connection: null, "script", "--output", file);

            Assert.StartsWith($"Wrote {file}: ", run.Out, StringComparison.Ordinal);
            Assert.True(File.Exists(file));
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Theory]
    [InlineData(80)]
    [InlineData(null)]
    public async Task Stored_text_forges_no_row_and_commands_no_terminal(int? width)
    {
        var database = await PostgresFixture.CreateDatabaseAsync();
        await Sql.ExecuteAsync(
            database,
            "INSERT INTO public.pipeline_runs (run_id, stage, status, error_summary) VALUES ($1, $1, $1, $1)",
            $"r\u001b[2J\u0007\u202e\u009b\r\nforged  row{new string('x', 5_000)}");
        await Sql.ExecuteAsync(database, "ALTER TABLE public.scripts ADD COLUMN \"a\u001b[31m\nERROR  forged\" text");

        var runs = await CliRun.OfAsync(database, width, noColor: true, "runs");
        var verify = await CliRun.OfAsync(database, width, noColor: true, "verify");

        Assert.Equal(width is null ? 3 : 4, runs.Out.TrimEnd().Split('\n').Length);
        foreach (var text in new[] { runs.Out, verify.Out, runs.Error, verify.Error })
        {
            Assert.DoesNotContain(text.ReplaceLineEndings("\n"), letter => char.IsControl(letter) && letter != '\n');
            Assert.DoesNotContain('\u202e', text);
            Assert.DoesNotContain(text.Split('\n'), line => line.StartsWith("ERROR  forged", StringComparison.Ordinal) || line.StartsWith("forged", StringComparison.Ordinal));
        }
    }
}
