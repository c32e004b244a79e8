using AiSystemSpec.Sdk.IntegrationTests.Cli;
using AiSystemSpec.Sdk.IntegrationTests.Infrastructure;
using AiSystemSpec.Sdk.Migrations;
using Npgsql;

namespace AiSystemSpec.Sdk.IntegrationTests.Migrations;

/// <summary>Supabase's own CLI, of the npm package <c>supabase</c>: its linter, and its way to migrate.</summary>
[Trait("Category", "Npm")]
public sealed class SupabaseCliTests(SupabaseServer server) : IClassFixture<SupabaseServer>, IDisposable
{
    private readonly DirectoryInfo _project = Directory.CreateTempSubdirectory("aisystemspec-supabase-");

    public void Dispose() => _project.Delete(recursive: true);

    [Fact]
    public async Task Advisors_warn_of_nothing_on_a_migrated_database()
    {
        var database = await server.CreateDatabaseAsync();

        await MigratorHost.MigrateAsync(database, new MigrateOptions { WithSimilarity = true });

        await AssertNoWarningAsync(database);
    }

    [Fact]
    public async Task Advisors_warn_of_an_adopted_database_until_it_is_hardened()
    {
        var database = await server.CreateDatabaseAsync();
        await Sql.ExecuteAsync(database, FieldDatabases.Sql(FieldDatabases.Adoptable["pipeline_runs missing"]));
        await MigratorHost.RunAsync(database, migrator => migrator.AdoptAsync());
        await MigratorHost.MigrateAsync(database);
        var open = await AdviseAsync(database);

        await MigratorHost.RunAsync(database, migrator => migrator.AdoptAsync(new AdoptOptions { Harden = true }));

        Assert.NotEqual(0, open.Code);
        Assert.Contains("rls_disabled_in_public_public_scripts", open.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("pipeline_runs", open.Out, StringComparison.Ordinal); // which adoption created, closed
        await AssertNoWarningAsync(database);
    }

    [Fact]
    public async Task Push_applies_the_scripts_files_and_a_second_time_finds_the_database_up_to_date()
    {
        var database = await server.CreateDatabaseAsync();
        var script = await CliRun.OfAsync(connection: null, "script", "--supabase", Path.Combine(_project.FullName, "supabase", "migrations"));

        var first = await RunAsync(database, "db", "push", "--yes");
        var second = await RunAsync(database, "db", "push", "--yes");

        Assert.Equal((0, 0, 0), (script.Code, first.Code, second.Code));
        Assert.All(MigrationIds.All, id => Assert.Contains($"Applying migration {id}.sql", first.Said, StringComparison.Ordinal));
        Assert.Contains("up to date", second.Out, StringComparison.Ordinal);
        Assert.Empty((await MigratorHost.MigrateAsync(database)).Applied);
        Assert.Empty((await MigratorHost.RunAsync(database, migrator => migrator.VerifyAsync())).Findings);
        await AssertNoWarningAsync(database);
    }

    private Task<ProgramRun> AdviseAsync(string database) => RunAsync(database, "db", "advisors", "--level", "warn", "--fail-on", "warn");

    private async Task AssertNoWarningAsync(string database)
    {
        var run = await AdviseAsync(database);
        Assert.True(run.Code == 0, run.Said);
    }

    private Task<ProgramRun> RunAsync(string database, params string[] arguments)
    {
        var settings = new NpgsqlConnectionStringBuilder(database);
        var address = $"postgresql://{settings.Username}:{Uri.EscapeDataString(settings.Password ?? "")}@{settings.Host}:{settings.Port}/{settings.Database}?sslmode=disable";
        return NpmTool.RunAsync(_project.FullName, "supabase", [.. arguments, $"--remote={address}"]);
    }
}
