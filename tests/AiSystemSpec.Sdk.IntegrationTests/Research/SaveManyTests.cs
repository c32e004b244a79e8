using AiSystemSpec.Sdk.IntegrationTests.Infrastructure;

namespace AiSystemSpec.Sdk.IntegrationTests.Research;

/// <summary>Many topics saved at once are what as many single saves would have left, on each shape of the table.</summary>
public sealed class SaveManyTests
{
    [Theory]
    [InlineData(null)]
    [InlineData("CREATE UNIQUE INDEX one_a_topic ON public.research_cache (topic)")]
    [InlineData("ALTER TABLE public.research_cache ADD CONSTRAINT one_a_topic UNIQUE (topic) DEFERRABLE")]
    public async Task SaveAsync_of_many_topics_saves_each(string? shape)
    {
        var database = await PostgresFixture.CreateDatabaseAsync();
        if (shape is not null)
        {
            await Sql.ExecuteAsync(database, shape);
        }

        await using var sdk = HostServices.Over(database, options => options.TopicNormalizer = topic => topic.ToUpperInvariant());
        _ = await sdk.Research.SaveAsync("topic 7", "old");
        var contents = Enumerable.Range(0, 250).ToDictionary(i => $"topic {i}", i => $"content {i}");

        var saved = await sdk.Research.SaveAsync(contents);
        var fresh = await sdk.Research.GetFreshAsync(contents.Keys);

        Assert.Equal(contents.Keys.Order(), saved.Keys.Order());
        Assert.All(contents, pair => Assert.Equal((pair.Value, pair.Key.ToUpperInvariant()), (fresh[pair.Key].Content, saved[pair.Key].Topic)));
        Assert.All(saved, pair => Assert.Equal((fresh[pair.Key].Id, fresh[pair.Key].CreatedAt), (pair.Value.Id, pair.Value.CreatedAt)));
        Assert.Equal(shape is null ? 251L : 250L, await Sql.ScalarAsync<long>(database, "SELECT count(*) FROM public.research_cache"));
    }

    [Fact]
    public async Task SaveAsync_of_many_topics_refuses_before_anything_is_sent()
    {
        var database = await PostgresFixture.CreateDatabaseAsync();
        await using var sdk = HostServices.Over(database);
        foreach (var (topic, content) in new[] { ("good", " "), ("system", "x"), ("", "x"), ("bad", "a\0b") })
        {
            _ = await Assert.ThrowsAnyAsync<ArgumentException>(() => sdk.Research.SaveAsync(new Dictionary<string, string> { ["first"] = "fine", [topic] = content }));
        }

        Assert.Empty(await sdk.Research.SaveAsync(new Dictionary<string, string>()));
        Assert.Equal(0L, await Sql.ScalarAsync<long>(database, "SELECT count(*) FROM public.research_cache"));
    }

    [Fact]
    public async Task SaveAsync_of_many_topics_names_what_refuses_one()
    {
        var database = await PostgresFixture.CreateDatabaseAsync();
        await Sql.ExecuteAsync(database, "CREATE RULE nothing AS ON INSERT TO public.research_cache WHERE NEW.topic = 'refused' DO INSTEAD NOTHING");
        await using var sdk = HostServices.Over(database);

        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => sdk.Research.SaveAsync(new Dictionary<string, string> { ["fine"] = "x", ["refused"] = "x" }));

        Assert.Contains("nothing", error.Message, StringComparison.Ordinal);
    }
}
