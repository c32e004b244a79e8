using AiSystemSpec.Sdk.IntegrationTests.Infrastructure;
using AiSystemSpec.Sdk.IntegrationTests.Infrastructure.Routes;
using AiSystemSpec.Sdk.Migrations.EntityFramework;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;

namespace AiSystemSpec.Sdk.IntegrationTests.Migrations;

/// <summary>
/// Migrations are frozen and the model is not: what one of them makes is held to the other, so that no change of the model goes without a
/// migration.
/// </summary>
public sealed class ModelTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    // The order of columns is the migrations' alone. NOT NULL stands with the column, whatever the server makes of it (constraints, from
    // 18 on).
    private const string TablesSql = """
        SELECT string_agg(line, chr(10) ORDER BY line) FROM (
          SELECT concat_ws(' ', c.relname, c.relkind, a.attname, format_type(a.atttypid, a.atttypmod), CASE WHEN a.attnotnull THEN 'not null' ELSE 'null' END,
                   pg_get_expr(d.adbin, d.adrelid), a.attidentity, a.attgenerated, a.attcollation::regcollation) AS line
          FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
          LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
          WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
          UNION ALL
          SELECT concat_ws(' ', c.relname, o.conname, pg_get_constraintdef(o.oid))
          FROM pg_constraint o JOIN pg_class c ON c.oid = o.conrelid WHERE c.relnamespace = 'public'::regnamespace AND o.contype <> 'n'
        ) AS lines
        """;

    [Fact]
    public async Task Migrated_tables_are_those_that_EF_makes_of_the_model()
    {
        var ofModel = Plain(await postgres.CreateEmptyDatabaseAsync());
        await using var source = NpgsqlDataSource.Create(ofModel);
        await using var context = new AiSystemSpecDbContext(new DbContextOptionsBuilder<AiSystemSpecDbContext>().UseNpgsql(source).Options);
        await context.GetService<IRelationalDatabaseCreator>().CreateTablesAsync();
        var migrated = await postgres.CreateEmptyDatabaseAsync();
        await MigratorHost.MigrateAsync(migrated);

        var expected = await Sql.ScalarAsync<string>(ofModel, TablesSql);

        Assert.Equal(20, expected!.Split('\n').Length); // 17 columns and 3 keys
        Assert.Equal(expected, await Sql.ScalarAsync<string>(Plain(migrated), TablesSql));
    }

    [Fact]
    public async Task Model_has_no_change_that_the_last_migration_does_not_know()
    {
        await using var source = NpgsqlDataSource.Create(TestRoute.Direct(postgres.ConnectionString));
        await using var context = new AiSystemSpecDbContext(MigrationsContextOptions.Create(source));

        Assert.False(context.Database.HasPendingModelChanges());
    }

    // Whatever the run's route: defaults are bound and printed by the path.
    private static string Plain(string database) => TestRoute.Direct(database) + ";Search Path=pg_catalog";
}
