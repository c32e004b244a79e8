using AiSystemSpec.Sdk.IntegrationTests.Infrastructure;
using AiSystemSpec.Sdk.Migrations;
using AiSystemSpec.Sdk.Testing;

namespace AiSystemSpec.Sdk.IntegrationTests.Migrations;

/// <summary>A server of its own with Supabase's roles, since roles belong to the whole server, and with its older default: all to everyone.</summary>
public sealed class SupabaseTests : IAsyncLifetime
{
    private const string OpenRights = """
        SELECT count(*) FROM (VALUES ('research_cache'), ('scripts'), ('pipeline_runs')) AS t(name)
        CROSS JOIN (VALUES ('anon'), ('authenticated')) AS r(role)
        CROSS JOIN (VALUES ('SELECT'), ('INSERT'), ('UPDATE'), ('DELETE'), ('TRUNCATE'), ('REFERENCES'), ('TRIGGER')) AS p(privilege)
        WHERE has_table_privilege(role, 'public.' || name, privilege)
        """;

    private EphemeralPostgres _server = null!;

    public async Task InitializeAsync()
    {
        _server = await EphemeralPostgres.StartAsync(new EphemeralPostgresOptions { Ways = PostgresWays.OwnServer });
        await Sql.ExecuteAsync(_server.ConnectionString, "CREATE ROLE anon; CREATE ROLE authenticated; CREATE ROLE service_role");
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task MigrateAsync_makes_tables_born_closed_and_open_to_service_role()
    {
        var database = await CreateAsync();

        await MigratorHost.MigrateAsync(database);

        Assert.Equal(0L, await Sql.ScalarAsync<long>(database, OpenRights));
        Assert.Equal(3L, await Sql.ScalarAsync<long>(database, "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relrowsecurity"));
        Assert.Equal(1L, await Sql.ScalarAsync<long>(database, "SET ROLE service_role; INSERT INTO public.scripts (content) VALUES ('x'); SELECT count(*) FROM public.scripts"));
        Assert.Empty((await MigratorHost.RunAsync(database, migrator => migrator.VerifyAsync())).Findings);
    }

    [Fact]
    public async Task AdoptAsync_keeps_access_creates_closed_and_harden_closes_the_rest()
    {
        var database = await CreateAsync();
        await Sql.ExecuteAsync(database, FieldDatabases.Sql("DROP TABLE public.pipeline_runs"));

        await MigratorHost.RunAsync(database, migrator => migrator.AdoptAsync());
        var open = await Sql.ScalarAsync<long>(database, OpenRights);
        var report = await MigratorHost.RunAsync(database, migrator => migrator.VerifyAsync());
        await MigratorHost.RunAsync(database, migrator => migrator.AdoptAsync(new AdoptOptions { Harden = true }));
        await MigratorHost.MigrateAsync(database);

        Assert.Equal(28L, open); // research_cache and scripts, as before; pipeline_runs is closed
        Assert.Contains(report.Findings, finding => finding is { Severity: FindingSeverity.Warning, Subject: "public.scripts", Mend: not null } && finding.Found.Contains("granted to anon", StringComparison.Ordinal));
        Assert.Equal(0L, await Sql.ScalarAsync<long>(database, OpenRights));
        Assert.Empty((await MigratorHost.RunAsync(database, migrator => migrator.VerifyAsync())).Findings);
    }

    [Fact]
    public async Task ScriptSupabaseAsync_files_run_in_a_transaction_each_and_again_after_migrate()
    {
        var database = await CreateAsync();
        var migrated = await CreateAsync();
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

    private async Task<string> CreateAsync()
    {
        var database = await _server.CreateDatabaseAsync();
        await Sql.ExecuteAsync(database, "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT ALL ON TABLES TO anon, authenticated, service_role");
        return database;
    }
}
