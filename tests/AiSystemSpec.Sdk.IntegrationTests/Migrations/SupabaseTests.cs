using AiSystemSpec.Sdk.IntegrationTests.Infrastructure;
using AiSystemSpec.Sdk.Migrations;

namespace AiSystemSpec.Sdk.IntegrationTests.Migrations;

/// <summary>What is particular to a database with Supabase's roles.</summary>
public sealed class SupabaseTests(SupabaseServer server) : IClassFixture<SupabaseServer>
{
    private const string OpenRights = """
        SELECT count(*) FROM (VALUES ('research_cache'), ('scripts'), ('pipeline_runs')) AS t(name)
        CROSS JOIN (VALUES ('anon'), ('authenticated')) AS r(role)
        CROSS JOIN (VALUES ('SELECT'), ('INSERT'), ('UPDATE'), ('DELETE'), ('TRUNCATE'), ('REFERENCES'), ('TRIGGER')) AS p(privilege)
        WHERE has_table_privilege(role, 'public.' || name, privilege)
        """;

    [Fact]
    public async Task VerifyAsync_mends_a_missing_table_with_one_that_is_closed_and_points_to_adopt()
    {
        var database = await server.CreateDatabaseAsync();
        await Sql.ExecuteAsync(database, FieldDatabases.Sql("DROP TABLE public.pipeline_runs"));
        var report = await MigratorHost.RunAsync(database, migrator => migrator.VerifyAsync());

        await Sql.ExecuteAsync(database, report.Findings.Single(finding => finding.Subject == "public.pipeline_runs").FixSql!);

        Assert.Equal("Run aispec adopt, then aispec migrate.", report.Findings.First(finding => finding.Subject == MigrationIds.CreateTables).Advice);
        Assert.True(await Sql.ScalarAsync<bool>(database, "SELECT relrowsecurity AND NOT has_table_privilege('anon', oid, 'SELECT') FROM pg_class WHERE oid = 'public.pipeline_runs'::regclass"));
    }

    [Fact]
    public async Task MigrateAsync_makes_tables_born_closed_and_open_to_service_role()
    {
        var database = await server.CreateDatabaseAsync();

        await MigratorHost.MigrateAsync(database);

        Assert.Equal(0L, await Sql.ScalarAsync<long>(database, OpenRights));
        Assert.Equal(3L, await Sql.ScalarAsync<long>(database, "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relrowsecurity"));
        Assert.Equal(1L, await Sql.ScalarAsync<long>(database, "SET ROLE service_role; INSERT INTO public.scripts (content) VALUES ('x'); SELECT count(*) FROM public.scripts"));
        Assert.Empty((await MigratorHost.RunAsync(database, migrator => migrator.VerifyAsync())).Findings);
    }

    [Fact]
    public async Task AdoptAsync_keeps_access_creates_closed_and_harden_closes_the_rest()
    {
        var database = await server.CreateDatabaseAsync();
        await Sql.ExecuteAsync(database, FieldDatabases.Sql("DROP TABLE public.pipeline_runs"));

        await MigratorHost.RunAsync(database, migrator => migrator.AdoptAsync());
        var open = await Sql.ScalarAsync<long>(database, OpenRights);
        var report = await MigratorHost.RunAsync(database, migrator => migrator.VerifyAsync());
        await MigratorHost.RunAsync(database, migrator => migrator.AdoptAsync(new AdoptOptions { Harden = true }));
        await MigratorHost.MigrateAsync(database);

        Assert.Equal(28L, open); // research_cache and scripts, as before; pipeline_runs is closed
        Assert.Contains(report.Findings, finding => finding is { Severity: FindingSeverity.Warning, Subject: "public.scripts", FixSql: not null } && finding.Found.Contains("granted to anon", StringComparison.Ordinal));
        Assert.Equal(0L, await Sql.ScalarAsync<long>(database, OpenRights));
        Assert.Empty((await MigratorHost.RunAsync(database, migrator => migrator.VerifyAsync())).Findings);
    }

    [Theory]
    [InlineData("GRANT SELECT (content) ON public.scripts TO anon", "SELECT granted to anon")]
    [InlineData("CREATE ROLE \"Readers\"; GRANT \"Readers\" TO anon; GRANT SELECT ON public.scripts TO \"Readers\"", "SELECT granted to anon, also through Readers")]
    public async Task VerifyAsync_finds_access_on_a_column_and_through_another_role_and_offers_only_what_ends_it(string grant, string found)
    {
        var database = await server.CreateDatabaseAsync();
        await MigratorHost.MigrateAsync(database);
        await Sql.ExecuteAsync(database, grant);

        var finding = Assert.Single((await MigratorHost.RunAsync(database, migrator => migrator.VerifyAsync())).Findings);
        Assert.Contains(found, finding.Found, StringComparison.Ordinal);
        if (finding.FixSql is null)
        {
            Assert.NotNull(finding.Advice);
            await Sql.ExecuteAsync(database, finding.Query!);
            await Sql.ExecuteAsync(database, "REVOKE \"Readers\" FROM anon");
        }
        else
        {
            await Sql.ExecuteAsync(database, finding.FixSql);
        }

        Assert.Empty((await MigratorHost.RunAsync(database, migrator => migrator.VerifyAsync())).Findings);
    }

    [Fact]
    public async Task ScriptSupabaseAsync_files_run_in_a_transaction_each_and_again_after_migrate()
    {
        var database = await server.CreateDatabaseAsync();
        var migrated = await server.CreateDatabaseAsync();
        await MigratorHost.MigrateAsync(migrated);
        var files = await MigratorHost.RunAsync(database, migrator => migrator.ScriptSupabaseAsync());

        foreach (var target in new[] { database, database, migrated })
        {
            foreach (var file in files)
            {
                await Sql.ExecuteAsync(target, $"BEGIN; {file.Text} COMMIT;");
            }
        }

        Assert.Equal(await DatabaseDigest.SchemaAsync(migrated), await DatabaseDigest.SchemaAsync(database));
        Assert.True((await MigratorHost.RunAsync(database, migrator => migrator.GetStatusAsync())).IsUpToDate);
    }
}
