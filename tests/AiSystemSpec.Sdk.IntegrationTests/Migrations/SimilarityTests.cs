using AiSystemSpec.Sdk.IntegrationTests.Cli;
using AiSystemSpec.Sdk.IntegrationTests.Infrastructure;
using AiSystemSpec.Sdk.IntegrationTests.Infrastructure.Routes;
using AiSystemSpec.Sdk.Migrations;
using Microsoft.Extensions.DependencyInjection;

namespace AiSystemSpec.Sdk.IntegrationTests.Migrations;

public sealed class SimilarityTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private const string Index = "'public.ix_research_cache_topic_trgm'::regclass";

    private static readonly MigrateOptions WithSimilarity = new() { WithSimilarity = true };

    [Theory]
    [InlineData("SELECT 1", "public")]
    [InlineData("CREATE SCHEMA extensions", "extensions")]
    [InlineData("CREATE SCHEMA extensions; CREATE SCHEMA \"Odd schema\"; CREATE EXTENSION pg_trgm SCHEMA \"Odd schema\"", "\"Odd schema\"")]
    [InlineData("CREATE EXTENSION pg_trgm SCHEMA pg_catalog", "pg_catalog")]
    public async Task MigrateAsync_with_similarity_makes_extension_and_index_once_and_the_search_uses_them(string before, string schema)
    {
        var database = await postgres.CreateEmptyDatabaseAsync();
        await Sql.ExecuteAsync(database, before);

        var first = await MigratorHost.MigrateAsync(database, WithSimilarity);
        var made = await DatabaseDigest.SchemaAsync(database);
        var index = await Sql.ScalarAsync<uint>(database, $"SELECT {Index}::oid");
        var plan = await MigratorHost.RunAsync(database, migrator => migrator.PlanAsync(WithSimilarity));
        var second = await MigratorHost.MigrateAsync(database, WithSimilarity);

        Assert.Equal(MigrationIds.All, first.Applied);
        Assert.Equal(schema, await Sql.ScalarAsync<string>(database, "SELECT extnamespace::regnamespace::text FROM pg_extension WHERE extname = 'pg_trgm'"));
        Assert.Empty(plan.Statements);
        Assert.Empty(second.Applied);
        Assert.Equal(made, await DatabaseDigest.SchemaAsync(database));
        Assert.Equal(index, await Sql.ScalarAsync<uint>(database, $"SELECT {Index}::oid"));
        Assert.Empty((await MigratorHost.RunAsync(database, migrator => migrator.VerifyAsync())).Findings);
        await AssertSearchUsesIndexAsync(database, schema);
    }

    [Fact]
    public async Task MigrateAsync_with_similarity_after_the_migrations_builds_an_invalid_index_again()
    {
        var database = await PostgresFixture.CreateDatabaseAsync();
        var plan = await MigratorHost.RunAsync(database, migrator => migrator.PlanAsync(WithSimilarity));
        await MigratorHost.MigrateAsync(database, WithSimilarity);
        var before = await Sql.ScalarAsync<uint>(database, $"SELECT {Index}::oid");
        await Sql.ExecuteAsync(database, $"UPDATE pg_index SET indisvalid = false WHERE indexrelid = {Index}");

        await MigratorHost.MigrateAsync(database);
        Assert.Equal(before, await Sql.ScalarAsync<uint>(database, $"SELECT {Index}::oid")); // not asked for
        await MigratorHost.MigrateAsync(database, WithSimilarity);

        Assert.Empty(plan.Pending);
        Assert.Contains("CREATE EXTENSION IF NOT EXISTS pg_trgm SCHEMA public;", plan.Statements);
        Assert.Contains("CREATE INDEX CONCURRENTLY IF NOT EXISTS ix_research_cache_topic_trgm ON public.research_cache USING gin (topic public.gin_trgm_ops);", plan.Statements);
        Assert.NotEqual(before, await Sql.ScalarAsync<uint>(database, $"SELECT {Index}::oid"));
        Assert.True(await Sql.ScalarAsync<bool>(database, "SELECT bool_and(indisvalid) FROM pg_index"));
    }

    [Fact]
    public async Task AdoptAsync_and_verify_take_the_index_of_an_earlier_run_as_it_is()
    {
        var database = await postgres.CreateEmptyDatabaseAsync();
        await MigratorHost.MigrateAsync(database, WithSimilarity);
        await Sql.ExecuteAsync(database, "DROP SCHEMA ai_system_spec CASCADE");

        var adopted = await MigratorHost.RunAsync(database, migrator => migrator.AdoptAsync());
        await MigratorHost.MigrateAsync(database, WithSimilarity);

        Assert.Empty(adopted.Findings);
        Assert.Empty((await MigratorHost.RunAsync(database, migrator => migrator.VerifyAsync())).Findings);
    }

    [Fact]
    public async Task Tool_plans_makes_and_says_it_and_explains_a_missing_right()
    {
        var database = await PostgresFixture.CreateDatabaseAsync();
        await using var role = await TestRole.CreateAsync(database, GrantKind.Reader);

        var refused = await CliRun.OfAsync(role.ConnectionString, "migrate", "--with-similarity");
        var plan = await CliRun.OfAsync(database, "plan", "--with-similarity");
        var made = await CliRun.OfAsync(database, "migrate", "--with-similarity");
        var again = await CliRun.OfAsync(database, "plan", "--with-similarity");

        Assert.Equal((1, 3, 0, 0), (refused.Code, plan.Code, made.Code, again.Code));
        Assert.Contains("may not create the extension pg_trgm", refused.Error, StringComparison.Ordinal);
        Assert.Contains("GRANT CREATE ON DATABASE", refused.Error, StringComparison.Ordinal);
        Assert.Contains("CREATE EXTENSION", plan.Out, StringComparison.Ordinal);
        Assert.Contains("The search by similarity is ready.", made.Out, StringComparison.Ordinal);
        Assert.Contains("Nothing is pending", again.Out, StringComparison.Ordinal);
    }

    private static async Task AssertSearchUsesIndexAsync(string database, string schema)
    {
        await TestRoute.GrantAgainAsync(database);
        await using var sdk = HostServices.Over(database);
        _ = await sdk.Research.SaveAsync("how octopuses sleep", "about octopuses");
        var found = await sdk.Services.GetRequiredService<IResearchSearch>().FindSimilarAsync("how octopus sleeps");
        Assert.Equal("how octopuses sleep", Assert.Single(found).Entry.Topic);

        await using var connection = await Sql.OpenAsync(database);
        await using var off = Sql.Command(connection, "SET enable_seqscan = off");
        await off.ExecuteNonQueryAsync();
        await using var explain = Sql.Command(connection, $"EXPLAIN (FORMAT JSON) {AiSystemSpec.Sdk.Research.Similarity.SimilaritySql.Find(schema)}", "how octopus sleeps", "system");
        Assert.Contains("ix_research_cache_topic_trgm", (string)(await explain.ExecuteScalarAsync())!, StringComparison.Ordinal);
    }
}
