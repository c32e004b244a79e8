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
            _ = await sdk.Research.StoreAsync(topic, $"about {topic}");
        }

        _ = await sdk.Research.LogSystemEventAsync("how octopuses sleep");
        await Sql.ExecuteAsync(connectionString, "INSERT INTO public.research_cache (topic, content, created_at) VALUES ('how octopuses slept', 'old', now() - interval '8 days')");
        await Sql.ExecuteAsync(connectionString, "INSERT INTO public.research_cache (topic, content) VALUES ('how octopuses sleep?', ' ')");
        var search = sdk.Services.GetRequiredService<IResearchSearch>();
        var found = await search.FindSimilarAsync("how octopuses sleep");
        Assert.Equal(["how octopuses sleep", "how octopus sleeps", "how octopuses dream"], found.Select(match => match.Entry.Topic));
        Assert.Equal(1, found[0].Similarity, precision: 5);
        Assert.Equal("about how octopuses sleep", found[0].Entry.Content);
        _ = Assert.Single(await search.FindSimilarAsync("how octopuses sleep", limit: 1));
        Assert.Equal(2, (await search.FindSimilarAsync("how octopuses sleep", minSimilarity: 0.6)).Count);
        Assert.Equal(4, (await search.FindSimilarAsync("how octopuses sleep", maxAge: TimeSpan.FromDays(30))).Count);
        _ = await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => search.FindSimilarAsync("x", minSimilarity: 0));
        _ = await Assert.ThrowsAsync<ArgumentException>(() => search.FindSimilarAsync("system"));
    }
}
