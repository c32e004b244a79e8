using System.Text.Json.Nodes;
using AiSystemSpec.Sdk.IntegrationTests.Infrastructure;

namespace AiSystemSpec.Sdk.IntegrationTests.Cli;

public sealed class ScriptsCommandTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private string _database = postgres.ConnectionString;

    public async Task InitializeAsync()
    {
        _database = await PostgresFixture.CreateDatabaseAsync();
        await Sql.ExecuteAsync(
            _database,
            """
            INSERT INTO public.scripts (id, content, created_at) VALUES
              ('11111111-1111-4111-8111-111111111111', E'INT. AQUARIUM\nnight', '2026-01-01'),
              ('22222222-2222-4222-8222-222222222222', E'INT. AQUARIUM\nday', '2026-01-02'),
              ('33333333-3333-4333-8333-333333333333', '{"meta": {"episode": 7}}', '2026-01-03'),
              ('44444444-4444-4444-8444-444444444444', E'\x1b[31mred\ttab\u202e', NULL)
            """);
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task List_prints_a_table_newest_first()
    {
        var run = await CliRun.OfAsync(_database, "scripts", "list");
        Assert.Equal(
            """
                        CREATED                                    ID  LETTERS  BEGINS
            2026-01-03 00:00:00  33333333-3333-4333-8333-333333333333       24  {"meta": {"episode": 7}}
            2026-01-02 00:00:00  22222222-2222-4222-8222-222222222222       17  INT. AQUARIUM
            2026-01-01 00:00:00  11111111-1111-4111-8111-111111111111       19  INT. AQUARIUM
                              -  44444444-4444-4444-8444-444444444444       13  \x1b[31mred\ttab\u202e

            """.ReplaceLineEndings(Environment.NewLine),
            run.Out);
        Assert.All((await CliRun.OfAsync(_database, width: 80, noColor: true, "scripts", "list")).Out.Split('\n'), line => Assert.InRange(line.TrimEnd().Length, 0, 80));
    }

    [Theory]
    [InlineData(1, "--contains", "night")]
    [InlineData(1, "--path", "meta.episode")]
    [InlineData(1, "--path", "meta.episode", "--value", "7")]
    [InlineData(0, "--path", "meta.episode", "--value", "8")]
    [InlineData(2, "--from", "2026-01-02")]
    [InlineData(1, "--to", "2026-01-01T03:00+02:00")]
    [InlineData(2, "--limit", "2")]
    public async Task List_filters(int count, params string[] options)
    {
        var run = await CliRun.OfAsync(_database, ["scripts", "list", "--json", .. options]);
        Assert.Equal((0, count), (run.Code, JsonNode.Parse(run.Out)!.AsArray().Count));
    }

    [Fact]
    public async Task Show_is_exact_in_a_pipe_and_harmless_on_a_terminal()
    {
        const string id = "44444444-4444-4444-8444-444444444444";
        Assert.Equal("\u001b[31mred\ttab\u202e", (await CliRun.OfAsync(_database, "scripts", "show", id)).Out.TrimEnd('\r', '\n'));
        Assert.Equal(@"\x1b[31mred\ttab\u202e", (await CliRun.OfAsync(_database, width: 80, noColor: false, "scripts", "show", id)).Out.TrimEnd());
    }

    [Fact]
    public async Task Diff_and_restore_work_on_two_scripts()
    {
        string[] ids = ["11111111-1111-4111-8111-111111111111", "22222222-2222-4222-8222-222222222222"];
        var diff = await CliRun.OfAsync(_database, ["scripts", "diff", .. ids]);
        var restored = await CliRun.OfAsync(_database, "scripts", "restore", ids[0], "--json");

        Assert.Contains("@@ -1,2 +1,2 @@\n INT. AQUARIUM\n-night\n+day", diff.Out, StringComparison.Ordinal);
        Assert.Equal("INT. AQUARIUM\nnight", (string?)JsonNode.Parse(restored.Out)!["content"]);
        Assert.Equal("", (await CliRun.OfAsync(_database, "scripts", "diff", ids[0], ids[0])).Out);
    }

    [Theory]
    [InlineData(1, "scripts", "show", "55555555-5555-4555-8555-555555555555")]
    [InlineData(1, "scripts", "restore", "55555555-5555-4555-8555-555555555555")]
    [InlineData(2, "scripts", "restore", "44444444-4444-4444-8444-444444444444", "too many")]
    [InlineData(2, "scripts", "show", "no-id")]
    [InlineData(2, "scripts", "list", "--from", "yesterday")]
    [InlineData(2, "scripts", "list", "--value", "7")]
    [InlineData(2, "scripts", "list", "--limit", "0")]
    [InlineData(2, "scripts", "watch", "--cursor", "nonsense")]
    [InlineData(2, "export", "nothing")]
    [InlineData(2, "export", "runs", "--contains", "x")]
    [InlineData(2, "export", "research", "--from", "2026-01-01")]
    [InlineData(2, "import", "scripts", "no-such-file")]
    [InlineData(2, "import", "scripts", "-", "--format", "xml")]
    public async Task What_cannot_be_meant_is_told(int code, params string[] arguments)
    {
        var run = await CliRun.OfAsync(_database, arguments);
        Assert.Equal((code, ""), (run.Code, run.Out));
        Assert.NotEqual("", run.Error);
    }

    [Fact]
    public async Task Rows_leave_and_come_in_again()
    {
        var folder = Directory.CreateTempSubdirectory("aispec-transfer-");
        var file = Path.Combine(folder.FullName, "scripts.jsonl");
        var other = await PostgresFixture.CreateDatabaseAsync();

        var exported = await CliRun.OfAsync(_database, "export", "scripts", "--output", file);
        var again = await CliRun.OfAsync(_database, "export", "scripts", "--output", file);
        var imported = await CliRun.OfAsync(other, "import", "scripts", file);
        await File.AppendAllTextAsync(file, "not json\n");
        var broken = await CliRun.OfAsync(other, "import", "scripts", file, "--json");

        Assert.Equal((0, "", "Exported 4 rows of scripts."), (exported.Code, exported.Out, exported.Error.TrimEnd()));
        Assert.Equal(2, again.Code);
        Assert.Equal((0, "Imported 4 rows of scripts; 0 were there, 0 failed."), (imported.Code, imported.Out.TrimEnd()));
        Assert.Equal((1, 4, 1), (broken.Code, (int)JsonNode.Parse(broken.Out)!["existing"]!, (int)JsonNode.Parse(broken.Out)!["failed"]!));
        folder.Delete(recursive: true);
    }
}
