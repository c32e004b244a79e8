using AiSystemSpec.Sdk.IntegrationTests.Infrastructure;

namespace AiSystemSpec.Sdk.IntegrationTests.Research;

/// <summary>The same calls on databases where the topic is unique, as the Python upsert needs it.</summary>
public sealed class UniqueTopicTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    public static TheoryData<string> Shapes { get; } =
    [
        "CREATE UNIQUE INDEX ux ON public.research_cache (topic)",
        "ALTER TABLE public.research_cache ADD CONSTRAINT ux UNIQUE (topic)",
        "CREATE UNIQUE INDEX ux ON public.research_cache (lower(topic))",
        "CREATE UNIQUE INDEX ux ON public.research_cache (topic) WHERE topic <> 'no such topic'",
        "CREATE UNIQUE INDEX ux ON public.research_cache (md5(topic)) WHERE topic IS NOT NULL",
    ];

    [Theory]
    [MemberData(nameof(Shapes))]
    public async Task SaveAsync_refreshes_the_one_row(string shape)
    {
        var (connectionString, sdk) = await StartAsync(shape);
        await using (sdk)
        {
            await Sql.ExecuteAsync(connectionString, "INSERT INTO public.research_cache (topic, content, created_at) VALUES ('t', 'old', now() - interval '30 days')");
            Assert.Null(await sdk.Research.GetFreshAsync("t"));
            var first = await sdk.Research.SaveAsync("t", "new");
            var second = await sdk.Research.SaveAsync("t", "newer");
            Assert.Equal(first.Id, second.Id);
            Assert.True(second.CreatedAt > first.CreatedAt);
            Assert.Equal("newer", (await sdk.Research.GetFreshAsync("t"))!.Content);
            Assert.Equal(1L, await Sql.ScalarAsync<long>(connectionString, "SELECT count(*) FROM public.research_cache"));
            _ = await sdk.Research.WriteSystemEventAsync("System Boot");
            _ = await sdk.Research.WriteSystemEventAsync("System Boot again");
            Assert.Equal(["System Boot again"], await sdk.Research.GetSystemEventsAsync().Select(entry => entry.Content).ToListAsync());
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public async Task SaveAsync_under_contention_loses_no_call(string shape)
    {
        var (connectionString, sdk) = await StartAsync(shape);
        await using (sdk)
        {
            var stored = await Task.WhenAll(Enumerable.Range(0, 200).Select(i => Task.Run(() => sdk.Research.SaveAsync($"t{i % 3}", $"{i}"))));
            Assert.Equal(3, stored.Select(entry => entry.Id).Distinct().Count());
            Assert.Equal(3L, await Sql.ScalarAsync<long>(connectionString, "SELECT count(*) FROM public.research_cache"));
        }
    }

    [Fact]
    public async Task SaveAsync_notices_that_the_index_came_and_went()
    {
        var connectionString = await PostgresFixture.CreateDatabaseAsync();
        await using var sdk = HostServices.Over(connectionString);
        _ = await sdk.Research.SaveAsync("t", "1");
        await Sql.ExecuteAsync(connectionString, "CREATE UNIQUE INDEX ux ON public.research_cache (topic)");
        _ = await sdk.Research.SaveAsync("t", "2");
        Assert.Equal(1L, await Sql.ScalarAsync<long>(connectionString, "SELECT count(*) FROM public.research_cache"));
        await Sql.ExecuteAsync(connectionString, "DROP INDEX public.ux");
        _ = await sdk.Research.SaveAsync("t", "3");
        Assert.Equal(["3", "2"], await sdk.Research.GetHistoryAsync("t").Select(entry => entry.Content).ToListAsync());
    }

    [Fact]
    public async Task SaveAsync_without_the_index_appends_under_contention()
    {
        await using var sdk = HostServices.Over(postgres.ConnectionString);
        var stored = await Task.WhenAll(Enumerable.Range(0, 200).Select(i => Task.Run(() => sdk.Research.SaveAsync("append", $"{i}"))));
        Assert.Equal(200, stored.Select(entry => entry.Id).Distinct().Count());
        Assert.Equal(200, await sdk.Research.GetHistoryAsync("append").CountAsync());
    }

    private static async Task<(string ConnectionString, HostServices Sdk)> StartAsync(string shape)
    {
        var connectionString = await PostgresFixture.CreateDatabaseAsync();
        await Sql.ExecuteAsync(connectionString, shape);
        return (connectionString, HostServices.Over(connectionString));
    }
}
