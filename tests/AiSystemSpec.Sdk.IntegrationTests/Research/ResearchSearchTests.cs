using AiSystemSpec.Sdk.IntegrationTests.Infrastructure;
using AiSystemSpec.Sdk.IntegrationTests.Infrastructure.Routes;
using Microsoft.Extensions.DependencyInjection;

namespace AiSystemSpec.Sdk.IntegrationTests.Research;

public sealed class ResearchSearchTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Fact]
    public async Task FindSimilarAsync_without_the_extension_names_it()
    {
        await using var sdk = HostServices.Over(postgres.ConnectionString);
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => sdk.Services.GetRequiredService<IResearchSearch>().FindSimilarAsync("x"));
        Assert.Contains("pg_trgm", error.Message, StringComparison.Ordinal);
        Assert.Contains("--with-similarity", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task FindSimilarAsync_tells_spellings_apart_that_the_columns_collation_takes_for_one()
    {
        var connectionString = await PostgresFixture.CreateDatabaseAsync();
        await Sql.ExecuteAsync(connectionString, """
            CREATE EXTENSION pg_trgm SCHEMA public;
            CREATE COLLATION public.any_case (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
            DROP INDEX public.ix_research_cache_topic_created_at;
            ALTER TABLE public.research_cache ALTER topic TYPE text COLLATE public.any_case;
            """);
        await TestRoute.GrantAgainAsync(connectionString);
        await using var sdk = HostServices.Over(connectionString);
        foreach (var topic in new[] { "Systems", "SYSTEMS", "SYSTEM" })
        {
            _ = await sdk.Research.SaveAsync(topic, $"about {topic}");
        }

        _ = await sdk.Research.WriteSystemEventAsync("boot");

        var found = await sdk.Services.GetRequiredService<IResearchSearch>().FindSimilarAsync("systems");

        Assert.Equal(["SYSTEM", "SYSTEMS", "Systems"], found.Select(entry => entry.Entry.Topic).Order(StringComparer.Ordinal));
        Assert.All(found, entry => Assert.Equal($"about {entry.Entry.Topic}", entry.Entry.Content));
    }

    [Theory]
    [InlineData("public")]
    [InlineData("extensions")]
    [InlineData("\"Odd schema\"")]
    public async Task FindSimilarAsync_finds_fresh_topics_alike_wherever_the_extension_is(string schema)
    {
        var connectionString = await PostgresFixture.CreateDatabaseAsync();
        await Sql.ExecuteAsync(connectionString, $"CREATE SCHEMA IF NOT EXISTS {schema}");
        await Sql.ExecuteAsync(connectionString, $"CREATE EXTENSION pg_trgm SCHEMA {schema}");
        await TestRoute.GrantAgainAsync(connectionString);
        await using var sdk = HostServices.Over(connectionString);
        foreach (var topic in new[] { "how octopuses sleep", "how octopus sleeps", "the history of glass", "how octopuses dream" })
        {
            _ = await sdk.Research.SaveAsync(topic, $"about {topic}");
        }

        _ = await sdk.Research.WriteSystemEventAsync("how octopuses sleep");
        await Sql.ExecuteAsync(connectionString, "INSERT INTO public.research_cache (topic, content, created_at) VALUES ('how octopuses slept', 'old', now() - interval '8 days')");
        await Sql.ExecuteAsync(connectionString, "INSERT INTO public.research_cache (topic, content) VALUES ('how octopuses sleep?', ' ')");
        var search = sdk.Services.GetRequiredService<IResearchSearch>();
        var found = await search.FindSimilarAsync("how octopuses sleep");
        Assert.Equal(["how octopuses sleep", "how octopus sleeps", "how octopuses dream"], found.Select(match => match.Entry.Topic));
        Assert.Equal(1, found[0].Similarity, precision: 5);
        Assert.Equal("about how octopuses sleep", found[0].Entry.Content);
        _ = Assert.Single(await search.FindSimilarAsync("how octopuses sleep", new SimilarityOptions { Limit = 1 }));
        Assert.Equal(2, (await search.FindSimilarAsync("how octopuses sleep", new SimilarityOptions { MinSimilarity = 0.6 })).Count);
        Assert.Equal(4, (await search.FindSimilarAsync("how octopuses sleep", new SimilarityOptions { MaxAge = TimeSpan.FromDays(30) })).Count);
        _ = await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => search.FindSimilarAsync("x", new SimilarityOptions { MinSimilarity = 0 }));
        _ = await Assert.ThrowsAsync<ArgumentException>(() => search.FindSimilarAsync("system"));
    }

    [Fact]
    public async Task FindSimilarAsync_reads_the_contents_of_what_it_returns_and_no_others()
    {
        const int ContentLength = 100_000;
        var connectionString = await PostgresFixture.CreateDatabaseAsync();
        await Sql.ExecuteAsync(connectionString, "CREATE EXTENSION pg_trgm");
        await TestRoute.GrantAgainAsync(connectionString);
        await Sql.ExecuteAsync(
            connectionString,
            """
            INSERT INTO public.research_cache (topic, content)
            SELECT 'how octopuses sleep ' || lpad(n::text, 3, '0'), CASE WHEN n % 2 = 0 THEN ' ' ELSE repeat('x', $1) END FROM generate_series(1, 100) n
            """,
            ContentLength);
        await using var bytes = BytesRead.Of(connectionString);
        await using var sdk = HostServices.Over(bytes.DataSource);
        IReadOnlyList<SimilarResearch> found = [];
        var read = await bytes.DuringAsync(async () => found = await sdk.Services.GetRequiredService<IResearchSearch>().FindSimilarAsync("how octopuses sleep", new SimilarityOptions { Limit = 10 }));
        Assert.Equal(10, found.Select(match => match.Entry.Topic).Distinct().Count());
        Assert.All(found, match => Assert.Equal(ContentLength, match.Entry.Content!.Length));
        Assert.InRange(read, 10 * ContentLength, 16 * ContentLength); // blank ones are replaced, ten at a time
    }
}
