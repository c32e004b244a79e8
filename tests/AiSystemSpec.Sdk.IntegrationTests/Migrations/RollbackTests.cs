using AiSystemSpec.Sdk.IntegrationTests.Cli;
using AiSystemSpec.Sdk.IntegrationTests.Infrastructure;
using AiSystemSpec.Sdk.Migrations;
using Npgsql;

namespace AiSystemSpec.Sdk.IntegrationTests.Migrations;

public sealed class RollbackTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Fact]
    public async Task RollbackAsync_of_empty_tables_takes_all_back_and_migrate_makes_the_same_again()
    {
        var database = await PostgresFixture.CreateDatabaseAsync();
        var schema = await DatabaseDigest.SchemaAsync(database);

        var back = await RollbackAsync(database, null);
        var tables = await Sql.ScalarAsync<long>(database, "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace");
        await MigratorHost.MigrateAsync(database);

        Assert.Equal(MigrationIds.All.Reverse(), back.RolledBack);
        Assert.Equal(0L, tables);
        Assert.Equal(schema, await DatabaseDigest.SchemaAsync(database));
    }

    [Theory]
    [InlineData("CreateTables")]
    [InlineData(MigrationIds.CreateTables)]
    public async Task RollbackAsync_to_a_migration_keeps_it_and_what_is_before(string to)
    {
        var database = await PostgresFixture.CreateDatabaseAsync();

        var back = await RollbackAsync(database, to);

        Assert.Equal([MigrationIds.CreateDatabaseIdentity, MigrationIds.CreateIndexes], back.RolledBack);
        Assert.Equal([MigrationIds.CreateTables], (await MigratorHost.RunAsync(database, migrator => migrator.GetStatusAsync())).Applied);
        Assert.Equal(3L, await Sql.ScalarAsync<long>(database, "SELECT count(*) FROM pg_index x JOIN pg_class c ON c.oid = x.indrelid WHERE c.relnamespace = 'public'::regnamespace"));
    }

    [Fact]
    public async Task RollbackAsync_when_a_table_has_rows_refuses_before_anything_unless_it_is_named()
    {
        var database = await PostgresFixture.CreateDatabaseAsync();
        await Sql.ExecuteAsync(database, "INSERT INTO public.scripts (content) VALUES ('keep me')");
        var schema = await DatabaseDigest.SchemaAsync(database);

        var error = await Assert.ThrowsAsync<MigrationException>(() => RollbackAsync(database, "0"));
        var unchanged = await DatabaseDigest.SchemaAsync(database);
        await RollbackAsync(database, "0", new RollbackOptions { DropTables = ["scripts"] });

        Assert.Contains("public.scripts, which has rows", error.Message, StringComparison.Ordinal);
        Assert.Equal(schema, unchanged);
        Assert.False(await Sql.ScalarAsync<bool>(database, "SELECT to_regclass('public.scripts') IS NOT NULL"));
    }

    [Fact]
    public async Task RollbackAsync_of_an_adopted_database_forgets_the_adoption_and_leaves_the_tables_that_were_there()
    {
        var database = await postgres.CreateEmptyDatabaseAsync();
        await Sql.ExecuteAsync(database, FieldDatabases.Sql("DROP TABLE public.pipeline_runs"));
        var (schema, rows) = (await PublicSchemaAsync(database), await DatabaseDigest.RowsAsync(database));
        await MigratorHost.RunAsync(database, migrator => migrator.AdoptAsync());
        await MigratorHost.MigrateAsync(database);

        var back = await RollbackAsync(database, null);
        var (schemaAfter, rowsAfter) = (await PublicSchemaAsync(database), await DatabaseDigest.RowsAsync(database));
        var again = await MigratorHost.RunAsync(database, migrator => migrator.AdoptAsync());
        var said = await CliRun.OfAsync(database, "rollback", "0");

        Assert.Equal(MigrationIds.All.Reverse(), back.RolledBack);
        Assert.Equal(["public.research_cache", "public.scripts"], back.KeptTables);
        Assert.Equal(schema, schemaAfter);
        Assert.Equal(rows, rowsAfter);
        Assert.Equal(["research_cache", "scripts"], again.Adopted);
        Assert.Contains("public.research_cache, public.scripts. What the adoption recorded of them is forgotten", said.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RollbackAsync_of_an_adopted_database_drops_what_is_named_and_refuses_rows_in_a_table_that_the_adoption_made()
    {
        var database = await postgres.CreateEmptyDatabaseAsync();
        await Sql.ExecuteAsync(database, FieldDatabases.Sql("DROP TABLE public.pipeline_runs"));
        await MigratorHost.RunAsync(database, migrator => migrator.AdoptAsync());
        await Sql.ExecuteAsync(database, "INSERT INTO public.pipeline_runs (run_id) VALUES ('keep me')");

        var error = await Assert.ThrowsAsync<MigrationException>(() => RollbackAsync(database, null));
        var back = await RollbackAsync(database, null, new RollbackOptions { DropTables = ["pipeline_runs", "scripts"] });

        Assert.Contains("public.pipeline_runs, which has rows", error.Message, StringComparison.Ordinal);
        Assert.Equal(["public.research_cache"], back.KeptTables);
        Assert.Equal(
            "research_cache",
            await Sql.ScalarAsync<string>(database, "SELECT string_agg(relname, ',') FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relname IN ('research_cache', 'scripts', 'pipeline_runs')"));
    }

    [Fact]
    public async Task RollbackAsync_where_a_table_is_gone_takes_back_the_rest()
    {
        var database = await PostgresFixture.CreateDatabaseAsync();
        await Sql.ExecuteAsync(database, "DROP TABLE public.scripts");

        Assert.Equal(MigrationIds.All.Reverse(), (await RollbackAsync(database, null)).RolledBack);
    }

    [Fact]
    public async Task Plain_SQL_down_refuses_to_drop_rows_by_itself()
    {
        var database = await PostgresFixture.CreateDatabaseAsync();
        await Sql.ExecuteAsync(database, "INSERT INTO public.scripts (content) VALUES ('keep me')");
        var down = AiSystemSpec.Sdk.Migrations.EntityFramework.MigrationCatalog.Instance.Down[0];

        var error = await Assert.ThrowsAsync<PostgresException>(() => Sql.ExecuteAsync(database, string.Join('\n', down.Statements.Select(statement => statement.Text))));

        Assert.Contains("has rows", error.MessageText, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RollbackAsync_to_an_unknown_migration_or_table_names_those_that_exist()
    {
        var migration = await Assert.ThrowsAsync<MigrationException>(() => RollbackAsync(postgres.ConnectionString, "Nothing"));
        var table = await Assert.ThrowsAsync<ArgumentException>(() => RollbackAsync(postgres.ConnectionString, null, new RollbackOptions { DropTables = ["users"] }));

        Assert.Contains(MigrationIds.CreateTables, migration.Message, StringComparison.Ordinal);
        Assert.Contains("pipeline_runs", table.Message, StringComparison.Ordinal);
    }

    private static Task<string?> PublicSchemaAsync(string database) => Sql.ScalarAsync<string>(database, """
        SELECT string_agg(line, chr(10) ORDER BY line) FROM (
          SELECT concat_ws(' ', c.relname, c.relkind, c.relrowsecurity, c.relacl::text, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull) AS line
          FROM pg_class c LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped WHERE c.relnamespace = 'public'::regnamespace) AS lines
        """);

    private static Task<RollbackResult> RollbackAsync(string database, string? to, RollbackOptions? options = null) =>
        MigratorHost.RunAsync(database, migrator => migrator.RollbackAsync(to, options));
}
