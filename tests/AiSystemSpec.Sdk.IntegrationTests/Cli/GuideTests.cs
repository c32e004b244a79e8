using System.Diagnostics;
using System.Globalization;
using AiSystemSpec.Sdk.IntegrationTests.Infrastructure;
using AiSystemSpec.Sdk.IntegrationTests.Migrations;
using AiSystemSpec.Sdk.Testing;
using Npgsql;

namespace AiSystemSpec.Sdk.IntegrationTests.Cli;

/// <summary>
/// Runs the operator's guide: every command of <c>migrations/README.md</c>, section by section, each on a database as the section
/// describes it.
/// </summary>
[Trait("Category", "Psql")]
public sealed class GuideTests : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("aispec-guide-");

    // A server of its own: the guide makes roles, which belong to the whole server.
    private EphemeralPostgres _server = null!;

    public async Task InitializeAsync() =>
        _server = await EphemeralPostgres.StartAsync(new EphemeralPostgresOptions { Ways = PostgresWays.OwnServer });

    public async Task DisposeAsync()
    {
        _folder.Delete(recursive: true);
        await _server.DisposeAsync();
    }

    [Theory]
    [InlineData("First install", null)]
    [InlineData("Adoption", "adopt")]
    [InlineData("Upgrade", "migrate")]
    [InlineData("Rollback", "migrate and fill")]
    [InlineData("When something fails", "migrate")]
    [InlineData("Old rows", "migrate")]
    [InlineData("From one project to another", "migrate")]
    [InlineData("Rows that wait on a host's disk", "migrate")]
    [InlineData("Clones", "migrate")]
    public async Task Every_command_of_a_section_exits_as_the_guide_says(string section, string? state)
    {
        var database = await _server.CreateDatabaseAsync();
        await PrepareAsync(database, state);
        var commands = Guide.CommandsOf(section);

        Assert.NotEmpty(commands);
        foreach (var (command, words, code) in commands)
        {
            var (found, output) = await RunAsync(database, words);
            Assert.True(code == found, $"{command}: exit code {found}, not {code}\n{output}");
        }
    }

    [Fact]
    public void Guide_has_no_command_outside_the_tested_sections_but_those_for_developers_and_for_the_shell() =>
        Assert.Equal(
            ["The connection", "First install", "Adoption", "Upgrade", EntityFrameworkTools.Section, "Rollback", "When something fails", "Old rows", "From one project to another", "Rows that wait on a host's disk", "Clones", "Adding a migration"],
            Guide.Sections);

    private static async Task PrepareAsync(string database, string? state)
    {
        if (state is "adopt")
        {
            await Sql.ExecuteAsync(database, FieldDatabases.Sql(FieldDatabases.Adoptable["pipeline_runs missing"]));
        }
        else if (state is not null)
        {
            await MigratorHost.MigrateAsync(database);
            await Sql.ExecuteAsync(database, state is "migrate and fill" ? "INSERT INTO public.scripts (content) VALUES ('keep me')" : "SELECT 1");
        }
    }

    private async Task<(int Code, string Output)> RunAsync(string database, List<string> words)
    {
        if (words[0] is "psql")
        {
            return await PsqlAsync(database, words[1..]);
        }

        Assert.Equal("aispec", words[0]);
        var arguments = words[1..].Select(word => word is "script.sql" or "supabase/migrations" || word.EndsWith(".jsonl", StringComparison.Ordinal) ? Path.Combine(_folder.FullName, word) : word);
        var run = await CliRun.OfAsync(database, [.. arguments]);
        return (run.Code, run.Out + run.Error);
    }

    private async Task<(int Code, string Output)> PsqlAsync(string database, List<string> arguments)
    {
        var settings = new NpgsqlConnectionStringBuilder(database);
        var start = new ProcessStartInfo("psql", arguments)
        {
            UseShellExecute = false,
            RedirectStandardError = true,
            WorkingDirectory = _folder.FullName,
            Environment =
            {
                ["PGHOST"] = settings.Host, ["PGPORT"] = settings.Port.ToString(CultureInfo.InvariantCulture),
                ["PGUSER"] = settings.Username, ["PGPASSWORD"] = settings.Password, ["PGDATABASE"] = settings.Database,
            },
        };
        using var process = Process.Start(start)!;
        var error = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, error);
    }
}
