using AiSystemSpec.Sdk.IntegrationTests.Infrastructure;

namespace AiSystemSpec.Sdk.IntegrationTests.Migrations;

/// <summary>A database on which the server prints every name in quotes (<c>quote_all_identifiers</c>) is no other database.</summary>
public sealed class QuotedNamesTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Fact]
    public async Task Migrated_database_is_as_the_schema_says()
    {
        var database = await QuotingAsync(await postgres.CreateEmptyDatabaseAsync());
        await MigratorHost.RunAsync(database, migrator => migrator.MigrateAsync());

        Assert.Empty((await MigratorHost.RunAsync(database, migrator => migrator.VerifyAsync())).Findings);
        Assert.Empty((await MigratorHost.RunAsync(database, migrator => migrator.PlanAsync())).Statements);
    }

    [Fact]
    public async Task Adopted_database_has_the_findings_that_it_has_elsewhere()
    {
        const string Tables = """
            CREATE TABLE public.research_cache (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), topic text NOT NULL UNIQUE, content text, created_at timestamptz DEFAULT now());
            CREATE TABLE public.scripts (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), content text, created_at timestamptz DEFAULT now());
            """;
        var (plain, quoting) = (await postgres.CreateEmptyDatabaseAsync(), await QuotingAsync(await postgres.CreateEmptyDatabaseAsync()));
        var findings = new List<IEnumerable<string>>();
        foreach (var database in new[] { plain, quoting })
        {
            await Sql.ExecuteAsync(database, Tables);
            await MigratorHost.RunAsync(database, migrator => migrator.AdoptAsync());
            await MigratorHost.RunAsync(database, migrator => migrator.MigrateAsync());
            findings.Add((await MigratorHost.RunAsync(database, migrator => migrator.VerifyAsync())).Findings.Select(finding => finding.ToString()));
        }

        Assert.Equal(findings[0], findings[1]);
    }

    [Theory]
    [InlineData("SELECT 1")]
    [InlineData("ALTER TABLE public.research_cache ADD CONSTRAINT one_a_topic UNIQUE (topic) DEFERRABLE")]
    [InlineData("CREATE UNIQUE INDEX one_a_topic ON public.research_cache (lower(topic))")]
    public async Task Research_is_saved_and_found(string shape)
    {
        var database = await QuotingAsync(await PostgresFixture.CreateDatabaseAsync());
        await Sql.ExecuteAsync(database, shape);
        await using var sdk = HostServices.Over(database);
        foreach (var content in new[] { "first", "second" })
        {
            _ = await sdk.Research.SaveAsync("topic", content);
            Assert.Equal(content, (await sdk.Research.GetFreshAsync("topic"))!.Content);
        }

        Assert.Equal(shape.StartsWith("SELECT", StringComparison.Ordinal) ? 2L : 1L, await Sql.ScalarAsync<long>(database, "SELECT count(*) FROM public.research_cache"));
    }

    private static async Task<string> QuotingAsync(string database)
    {
        await Sql.ExecuteAsync(database, "DO $$ BEGIN EXECUTE pg_catalog.format('ALTER DATABASE %I SET quote_all_identifiers = on', pg_catalog.current_database()); END $$");
        return database;
    }
}
