using AiSystemSpec.Sdk.IntegrationTests.Infrastructure;
using AiSystemSpec.Sdk.Migrations;
using Npgsql;

namespace AiSystemSpec.Sdk.IntegrationTests.Migrations;

public sealed class AdoptTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    public static TheoryData<string> Adoptable => [.. FieldDatabases.Adoptable.Keys];

    public static TheoryData<string> Impossible => [.. FieldDatabases.Impossible.Keys];

    [Theory]
    [MemberData(nameof(Adoptable))]
    public async Task AdoptAsync_of_a_form_in_the_field_changes_no_row_and_migrate_completes_it(string form)
    {
        var database = await CreateAsync(FieldDatabases.Sql(FieldDatabases.Adoptable[form]));
        var (before, schema) = (await DatabaseDigest.RowsAsync(database), await DatabaseDigest.SchemaAsync(database));

        var adoption = await MigratorHost.RunAsync(database, migrator => migrator.AdoptAsync());
        var migration = await MigratorHost.MigrateAsync(database);
        var report = await MigratorHost.RunAsync(database, migrator => migrator.VerifyAsync());

        Assert.Equal(before, await DatabaseDigest.RowsAsync(database, except: adoption.Created));
        Assert.Empty(schema!.Split('\n').Except((await DatabaseDigest.SchemaAsync(database))!.Split('\n'))); // nothing dropped, nothing altered
        Assert.Equal(MigrationIds.All[1..], migration.Applied);
        Assert.True(report.IsMatch, string.Join('\n', report.Findings));
        Assert.DoesNotContain(report.Findings, finding => finding.Subject.StartsWith("public.ix_", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Impossible))]
    public async Task AdoptAsync_of_what_cannot_work_refuses_names_it_and_changes_nothing(string form)
    {
        var (sql, named) = FieldDatabases.Impossible[form];
        var database = await CreateAsync(FieldDatabases.Sql(sql));
        var (rows, schema) = (await DatabaseDigest.RowsAsync(database), await DatabaseDigest.SchemaAsync(database));

        var error = await Assert.ThrowsAsync<MigrationException>(() => MigratorHost.RunAsync(database, migrator => migrator.AdoptAsync()));

        Assert.Equal(MigrationErrorKind.Refused, error.Kind);
        Assert.Contains(named, error.Message, StringComparison.Ordinal);
        Assert.Equal(rows, await DatabaseDigest.RowsAsync(database));
        Assert.Equal(schema, await DatabaseDigest.SchemaAsync(database));
    }

    [Fact]
    public async Task AdoptAsync_of_a_table_made_by_hand_lists_every_column_that_differs()
    {
        var database = await CreateAsync(FieldDatabases.Sql(FieldDatabases.Impossible["made by hand"].Sql));

        var error = await Assert.ThrowsAsync<MigrationException>(() => MigratorHost.RunAsync(database, migrator => migrator.AdoptAsync()));

        Assert.All(
            new[] { "metrics: found type json", "attempts: found type smallint", "created_at: found type timestamp without", "stage: found type character varying(20)" },
            difference => Assert.Contains($"public.pipeline_runs.{difference}", error.Message, StringComparison.Ordinal));
    }

    [Fact]
    public async Task AdoptAsync_dry_run_says_what_it_would_do_and_changes_nothing()
    {
        var database = await CreateAsync(FieldDatabases.Sql(FieldDatabases.Adoptable["pipeline_runs missing"]));
        var schema = await DatabaseDigest.SchemaAsync(database);

        var dryRun = await MigratorHost.RunAsync(database, migrator => migrator.AdoptAsync(new AdoptOptions { DryRun = true }));
        var unchanged = await DatabaseDigest.SchemaAsync(database);
        var real = await MigratorHost.RunAsync(database, migrator => migrator.AdoptAsync());

        Assert.Equal(schema, unchanged);
        Assert.Equal(["pipeline_runs"], dryRun.Created);
        Assert.Equal(real.Statements, dryRun.Statements);
    }

    [Fact]
    public async Task AdoptAsync_of_tables_of_another_role_refuses_before_anything()
    {
        var database = await CreateAsync(FieldDatabases.Sql(""));
        await using var role = await TestRole.CreateAsync(database, kind: null);
        await Sql.ExecuteAsync(database, $"GRANT CREATE ON DATABASE \"{NameOf(database)}\" TO {role.Name}; GRANT ALL ON ALL TABLES IN SCHEMA public TO {role.Name}");

        var error = await Assert.ThrowsAsync<MigrationException>(() => MigratorHost.RunAsync(role.ConnectionString, migrator => migrator.AdoptAsync()));

        Assert.Contains("whose rights the current role does not have", error.Message, StringComparison.Ordinal);
        Assert.Equal(0L, await Sql.ScalarAsync<long>(database, "SELECT count(*) FROM pg_namespace WHERE nspname = 'ai_system_spec'"));
    }

    [Fact]
    public async Task AdoptAsync_twice_or_of_a_migrated_database_does_nothing()
    {
        var schema = await DatabaseDigest.SchemaAsync(postgres.ConnectionString);

        var adoption = await MigratorHost.RunAsync(postgres.ConnectionString, migrator => migrator.AdoptAsync());

        Assert.Empty(adoption.Statements);
        Assert.Equal(schema, await DatabaseDigest.SchemaAsync(postgres.ConnectionString));
    }

    [Fact]
    public async Task AdoptAsync_of_an_empty_database_points_to_migrate()
    {
        var database = await postgres.CreateEmptyDatabaseAsync();

        var error = await Assert.ThrowsAsync<MigrationException>(() => MigratorHost.RunAsync(database, migrator => migrator.AdoptAsync()));

        Assert.Contains("aispec migrate", error.Message, StringComparison.Ordinal);
    }

    private static string NameOf(string database) => new NpgsqlConnectionStringBuilder(database).Database!;

    [Fact]
    public async Task AdoptAsync_when_a_table_stays_locked_is_tried_again_and_then_names_who_holds_it()
    {
        var database = await CreateAsync(FieldDatabases.Sql(""));
        var before = await DatabaseDigest.SchemaAsync(database);
        await using var other = await Sql.OpenAsync(database + ";Application Name=the other one");
        await using var transaction = await other.BeginTransactionAsync();
        await Sql.Command(other, "ALTER TABLE public.research_cache ADD COLUMN z int").ExecuteNonQueryAsync();
        var options = new AdoptOptions { LockTimeout = TimeSpan.FromSeconds(1.5) };

        var error = await Assert.ThrowsAsync<MigrationException>(() => MigratorHost.RunAsync(database, migrator => migrator.AdoptAsync(options)));
        await transaction.RollbackAsync();

        Assert.Contains("The adoption was tried 4 times", error.Message, StringComparison.Ordinal);
        Assert.Contains($"process {other.ProcessID}", error.Message, StringComparison.Ordinal);
        Assert.Contains("the other one", error.Message, StringComparison.Ordinal);
        Assert.Equal(before, await DatabaseDigest.SchemaAsync(database));
        Assert.NotEmpty((await MigratorHost.RunAsync(database, migrator => migrator.AdoptAsync(options))).Adopted);
    }

    private async Task<string> CreateAsync(string sql)
    {
        var database = await postgres.CreateEmptyDatabaseAsync();
        await Sql.ExecuteAsync(database, sql);
        return database;
    }
}
