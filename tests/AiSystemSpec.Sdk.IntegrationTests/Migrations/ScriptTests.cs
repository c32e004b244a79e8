using AiSystemSpec.Sdk.IntegrationTests.Cli;
using AiSystemSpec.Sdk.IntegrationTests.Infrastructure;
using AiSystemSpec.Sdk.Migrations;

namespace AiSystemSpec.Sdk.IntegrationTests.Migrations;

/// <summary>The script, run by psql itself, which must be on the PATH.</summary>
[Trait("Category", "Psql")]
public sealed class ScriptTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private const string SimilarityIndex = "SELECT 'public.ix_research_cache_topic_trgm'::regclass::oid";

    [Fact]
    public async Task ScriptAsync_run_by_psql_twice_leaves_the_same_schema_as_migrate()
    {
        var database = await postgres.CreateEmptyDatabaseAsync();
        var script = await MigratorHost.RunAsync(database, migrator => migrator.ScriptAsync());

        await PsqlAsync(database, script);
        await PsqlAsync(database, script);

        Assert.Equal(await DatabaseDigest.SchemaAsync(postgres.ConnectionString), await DatabaseDigest.SchemaAsync(database));
        Assert.Empty((await MigratorHost.MigrateAsync(database)).Applied);
    }

    [Fact]
    public async Task ScriptAsync_run_by_psql_builds_an_invalid_index_again()
    {
        var database = await PostgresFixture.CreateDatabaseAsync();
        await Sql.ExecuteAsync(database, $"""DELETE FROM ai_system_spec.migrations_history WHERE "MigrationId" = '{MigrationIds.CreateIndexes}'""");
        await Sql.ExecuteAsync(database, "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'public.ix_scripts_created_at_id'::regclass");

        await PsqlAsync(database, await MigratorHost.RunAsync(database, migrator => migrator.ScriptAsync()));

        Assert.True(await Sql.ScalarAsync<bool>(database, "SELECT bool_and(indisvalid) FROM pg_index"));
    }

    [Fact]
    public async Task ScriptAsync_run_by_psql_on_tables_that_were_never_adopted_names_adopt_and_changes_none()
    {
        var database = await postgres.CreateEmptyDatabaseAsync();
        await Sql.ExecuteAsync(database, FieldDatabases.Sql(""));

        var run = await Psql.RunAsync(database, await MigratorHost.RunAsync(database, migrator => migrator.ScriptAsync()));

        Assert.NotEqual(0, run.Code);
        Assert.Contains("public.pipeline_runs", run.Error, StringComparison.Ordinal);
        Assert.Contains("Run aispec adopt", run.Error, StringComparison.Ordinal);
        Assert.Equal(0L, await Sql.ScalarAsync<long>(database, "SELECT count(*) FROM ai_system_spec.migrations_history"));
    }

    [Theory]
    [InlineData("SELECT 1")]
    [InlineData("CREATE SCHEMA extensions")]
    [InlineData("CREATE SCHEMA \"Odd schema\"; CREATE EXTENSION pg_trgm SCHEMA \"Odd schema\"")]
    public async Task ScriptAsync_with_similarity_run_by_psql_twice_leaves_what_migrate_leaves(string before)
    {
        var (database, migrated) = (await postgres.CreateEmptyDatabaseAsync(), await postgres.CreateEmptyDatabaseAsync());
        await Sql.ExecuteAsync(database, before);
        await Sql.ExecuteAsync(migrated, before);
        await MigratorHost.MigrateAsync(migrated, new MigrateOptions { WithSimilarity = true });
        var script = await CliRun.OfAsync(connection: null, "script", "--with-similarity");

        await PsqlAsync(database, script.Out);
        var first = await Sql.ScalarAsync<uint>(database, SimilarityIndex);
        await PsqlAsync(database, script.Out);
        var second = await Sql.ScalarAsync<uint>(database, SimilarityIndex);
        await Sql.ExecuteAsync(database, "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'public.ix_research_cache_topic_trgm'::regclass");
        await PsqlAsync(database, script.Out);

        Assert.Equal(first, second);
        Assert.NotEqual(first, await Sql.ScalarAsync<uint>(database, SimilarityIndex)); // what was INVALID is built again
        Assert.Equal(await DatabaseDigest.SchemaAsync(migrated), await DatabaseDigest.SchemaAsync(database));
        Assert.Empty((await MigratorHost.RunAsync(database, migrator => migrator.PlanAsync(new MigrateOptions { WithSimilarity = true }))).Statements);
    }

    [Fact]
    public async Task Plain_SQL_files_run_by_psql_up_and_down_leave_what_migrate_and_rollback_leave()
    {
        var database = await postgres.CreateEmptyDatabaseAsync();
        foreach (var (_, text) in AiSystemSpec.Sdk.Migrations.Scripts.PlainSql.WriteAll(AiSystemSpec.Sdk.Migrations.EntityFramework.MigrationCatalog.Instance).Where(file => file.FileName.EndsWith(".up.sql", StringComparison.Ordinal)))
        {
            await PsqlAsync(database, text);
        }

        var up = await DatabaseDigest.SchemaAsync(database);
        foreach (var (_, text) in AiSystemSpec.Sdk.Migrations.Scripts.PlainSql.WriteAll(AiSystemSpec.Sdk.Migrations.EntityFramework.MigrationCatalog.Instance).Where(file => file.FileName.EndsWith(".down.sql", StringComparison.Ordinal)).Reverse())
        {
            await PsqlAsync(database, text);
        }

        Assert.Equal(await DatabaseDigest.SchemaAsync(postgres.ConnectionString), up);
        Assert.Equal(MigrationIds.All, (await MigratorHost.RunAsync(database, migrator => migrator.GetStatusAsync())).Pending);
    }

    private static async Task PsqlAsync(string database, string script)
    {
        var run = await Psql.RunAsync(database, script);
        Assert.True(run.Code == 0, run.Error);
    }
}
