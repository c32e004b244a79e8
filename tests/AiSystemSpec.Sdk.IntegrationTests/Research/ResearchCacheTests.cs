using AiSystemSpec.Sdk.IntegrationTests.Infrastructure;
using AiSystemSpec.Sdk.Research.Table;
using Npgsql;

namespace AiSystemSpec.Sdk.IntegrationTests.Research;

public sealed class ResearchCacheTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private readonly HostServices _sdk = HostServices.Over(postgres.ConnectionString);

    private IResearchCache Cache => _sdk.Research;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _sdk.DisposeAsync();

    [Fact]
    public async Task GetFreshAsync_returns_what_was_stored()
    {
        var stored = await Cache.SaveAsync("octopus sleep", "They dream.");
        var found = await Cache.GetFreshAsync("octopus sleep");
        Assert.Equal((stored.Id, "octopus sleep", "They dream.", stored.CreatedAt), (found!.Id, found.Topic, found.Content, found.CreatedAt));
        Assert.NotNull(stored.CreatedAt);
        Assert.Equal(TimeSpan.Zero, stored.CreatedAt!.Value.Offset);
        Assert.Null(await Cache.GetFreshAsync("Octopus sleep"));
    }

    [Fact]
    public async Task GetFreshAsync_takes_the_callers_age()
    {
        await InsertAsync("aged", "old", "now() - interval '2 days'");
        Assert.NotNull(await Cache.GetFreshAsync("aged"));
        Assert.NotNull(await Cache.GetFreshAsync("aged", TimeSpan.FromDays(3)));
        Assert.Null(await Cache.GetFreshAsync("aged", TimeSpan.FromDays(1)));
        await InsertAsync("ancient", "x", "timestamptz '0001-06-01 00:00:00+00'");
        Assert.NotNull(await Cache.GetFreshAsync("ancient", TimeSpan.MaxValue));
    }

    [Theory]
    [InlineData("''")]
    [InlineData("' \t\n'")]
    [InlineData("NULL")]
    public async Task GetFreshAsync_newest_row_decides_even_when_it_is_blank(string content)
    {
        var topic = $"blank {content}";
        await InsertAsync(topic, "good", "now() - interval '1 hour'");
        await Sql.ExecuteAsync(postgres.ConnectionString, $"INSERT INTO public.research_cache (topic, content) VALUES ($1, {content})", topic);
        Assert.Null(await Cache.GetFreshAsync(topic));
        Assert.Empty(await Cache.GetFreshAsync([topic]));
    }

    [Fact]
    public async Task GetFreshAsync_rows_of_one_moment_are_decided_by_id()
    {
        await Sql.ExecuteAsync(
            postgres.ConnectionString,
            "INSERT INTO public.research_cache (id, topic, content, created_at) SELECT ('00000000-0000-0000-0000-00000000000' || i)::uuid, 'twins', i::text, now() FROM generate_series(1, 3) i");
        Assert.Equal("3", (await Cache.GetFreshAsync("twins"))!.Content);
    }

    [Fact]
    public async Task Row_without_a_moment_is_latest_only_where_there_is_no_other_and_never_fresh()
    {
        await InsertAsync("undated", "undated", "NULL");
        Assert.Null(await Cache.GetFreshAsync("undated", TimeSpan.MaxValue));
        Assert.Equal("undated", (await Cache.GetLatestAsync("undated"))!.Content);
        await InsertAsync("undated", "dated", "now() - interval '1 year'");
        Assert.Equal("dated", (await Cache.GetLatestAsync("undated"))!.Content);
        Assert.Equal(["dated", "undated"], await Cache.GetHistoryAsync("undated").Select(entry => entry.Content).ToListAsync());
    }

    [Fact]
    public async Task GetFreshAsync_many_topics_are_keyed_by_the_callers_spelling()
    {
        await using var sdk = HostServices.Over(postgres.ConnectionString, options => options.TopicNormalizer = topic => topic.Trim().ToUpperInvariant());
        _ = await sdk.Research.SaveAsync("alpha", "A");
        _ = await sdk.Research.SaveAsync("beta", "B");
        await InsertAsync("OLD", "old", "now() - interval '8 days'");
        var found = await sdk.Research.GetFreshAsync([" alpha", "ALPHA", "Beta", "old", "missing"]);
        Assert.Equal([" alpha", "ALPHA", "Beta"], found.Keys.Order(StringComparer.Ordinal));
        Assert.Equal("A", found[" alpha"].Content);
        Assert.Equal("B", found["Beta"].Content);
        Assert.Empty(await sdk.Research.GetFreshAsync(Array.Empty<string>()));
    }

    [Fact]
    public async Task GetHistoryAsync_lists_all_newest_first_across_pages()
    {
        await Sql.ExecuteAsync(
            postgres.ConnectionString,
            "INSERT INTO public.research_cache (topic, content, created_at) SELECT 'long', i::text, now() - make_interval(mins => 1000 - i / 2) FROM generate_series(1, 250) i");
        var expected = new List<string?>();
        await using (var connection = await Sql.OpenAsync(postgres.ConnectionString))
        {
            await using var reader = await Sql.Command(connection, "SELECT content FROM public.research_cache WHERE topic = 'long' ORDER BY created_at DESC NULLS LAST, id DESC").ExecuteReaderAsync();
            while (await reader.ReadAsync())
            {
                expected.Add(reader.GetString(0));
            }
        }

        Assert.Equal(250, expected.Count);
        Assert.Equal(expected, await Cache.GetHistoryAsync("long").Select(entry => entry.Content).ToListAsync());
    }

    [Fact]
    public async Task RemoveAsync_removes_the_topic_and_nothing_else()
    {
        _ = await Cache.SaveAsync("gone", "1");
        _ = await Cache.SaveAsync("gone", "2");
        _ = await Cache.SaveAsync("gone too", "3");
        Assert.Equal(2, await Cache.RemoveAsync("gone"));
        Assert.Null(await Cache.GetLatestAsync("gone"));
        Assert.NotNull(await Cache.GetLatestAsync("gone too"));
        Assert.Equal(0, await Cache.RemoveAsync("gone"));
    }

    [Fact]
    public async Task System_events_are_apart_from_research()
    {
        var connectionString = await PostgresFixture.CreateDatabaseAsync();
        await using var sdk = HostServices.Over(connectionString);
        var boot = await sdk.Research.WriteSystemEventAsync("System Boot");
        Assert.Equal("system", boot.Topic);
        Assert.Equal("System Boot", await Sql.ScalarAsync<string>(connectionString, "SELECT content FROM public.research_cache WHERE topic = 'system'"));
        await Sql.ExecuteAsync(connectionString, "INSERT INTO public.research_cache (topic, content, created_at) VALUES ('system', 'before', now() - interval '1 day'), ('system', 'undated', NULL)");
        Assert.Equal(["System Boot", "before", "undated"], await sdk.Research.GetSystemEventsAsync().Select(entry => entry.Content).ToListAsync());
        var since = DateTimeOffset.UtcNow.ToOffset(TimeSpan.FromHours(9)).AddHours(-1); // an offset that Npgsql itself would refuse
        Assert.Equal(["System Boot"], await sdk.Research.GetSystemEventsAsync(since).Select(entry => entry.Content).ToListAsync());
    }

    [Fact]
    public async Task Reserved_topic_is_refused_everywhere()
    {
        await using var trimming = HostServices.Over(postgres.ConnectionString, options => options.TopicNormalizer = topic => topic.Trim());
        foreach (var (cache, topic) in new[] { (Cache, "system"), (trimming.Research, " system ") })
        {
            _ = await Assert.ThrowsAsync<ArgumentException>(async () => await cache.GetFreshAsync(topic));
            _ = await Assert.ThrowsAsync<ArgumentException>(async () => await cache.GetFreshAsync(["other", topic]));
            _ = await Assert.ThrowsAsync<ArgumentException>(() => cache.GetLatestAsync(topic));
            _ = await Assert.ThrowsAsync<ArgumentException>(() => cache.SaveAsync(topic, "x"));
            _ = await Assert.ThrowsAsync<ArgumentException>(async () => await cache.GetOrResearchAsync(topic, (_, _) => Task.FromResult("x")));
            _ = await Assert.ThrowsAsync<ArgumentException>(async () => await cache.GetHistoryAsync(topic).ToListAsync());
            _ = await Assert.ThrowsAsync<ArgumentException>(() => cache.RemoveAsync(topic));
        }

        _ = await Cache.SaveAsync("System", "an ordinary topic");
    }

    [Fact]
    public async Task Bad_topics_and_contents_are_refused_before_anything_is_sent()
    {
        // A database that does not exist: whatever is sent fails with another exception.
        await using var nowhere = HostServices.Over("Host=127.0.0.1;Port=1;Timeout=1;Database=nowhere;Username=nobody");
        foreach (var topic in new[] { null!, "", " \t", "a\0b", "a\uD800", "\uDC00b" })
        {
            _ = await Assert.ThrowsAnyAsync<ArgumentException>(() => nowhere.Research.SaveAsync(topic, "x"));
            _ = await Assert.ThrowsAnyAsync<ArgumentException>(async () => await nowhere.Research.GetFreshAsync(topic));
        }

        foreach (var content in new[] { null!, "", " \t", "a\0b", "a\uD800" })
        {
            _ = await Assert.ThrowsAnyAsync<ArgumentException>(() => nowhere.Research.SaveAsync("x", content));
            _ = await Assert.ThrowsAnyAsync<ArgumentException>(() => nowhere.Research.WriteSystemEventAsync(content));
            _ = await Assert.ThrowsAnyAsync<ArgumentException>(() => nowhere.Scripts.SaveAsync(content));
        }

        foreach (var age in new[] { TimeSpan.Zero, TimeSpan.FromTicks(-1), TimeSpan.MinValue })
        {
            _ = await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await nowhere.Research.GetFreshAsync("x", age));
        }

        _ = await Assert.ThrowsAnyAsync<NpgsqlException>(async () => await nowhere.Research.GetFreshAsync("x"));
    }

    [Fact]
    public async Task Big_and_odd_values_are_stored_and_read_back_equal()
    {
        var random = new Random(7);
        var topic = string.Concat(Enumerable.Range(0, 10_000).Select(_ => char.ConvertFromUtf32(random.Next(0x20, 0xD7FF))));
        var content = string.Concat(Enumerable.Repeat("0123456789\U0001F419ä", 1_000_000 * 100 / 16));
        Assert.True(System.Text.Encoding.UTF8.GetByteCount(content) >= 100_000_000);
        _ = await Cache.SaveAsync(topic, content);
        var found = await Cache.GetFreshAsync(topic);
        Assert.Equal(content, found!.Content);
        var deep = new string('[', 10_000) + new string(']', 10_000);
        _ = await Cache.SaveAsync("deep", deep);
        Assert.Equal(deep, (await Cache.GetFreshAsync("deep"))!.Content);
    }

    [Fact]
    public async Task Topics_that_share_all_that_is_indexed_are_told_apart()
    {
        var indexed = string.Concat(Enumerable.Repeat("\U0001F419", 256)); // 256 characters, 512 UTF-16 units
        string[] topics = [indexed[..^2], indexed, indexed + "a", indexed + "b", new('x', 255), new('x', 256), new('x', 257)];
        foreach (var topic in topics)
        {
            Assert.Null(await Cache.GetFreshAsync(topic));
            _ = await Cache.SaveAsync(topic, $"about {topic}");
            Assert.Equal($"about {topic}", (await Cache.GetFreshAsync(topic))!.Content);
        }

        var found = await Cache.GetFreshAsync(topics);
        Assert.All(topics, topic => Assert.Equal($"about {topic}", found[topic].Content));
        Assert.Equal(2, (await Cache.GetFreshAsync([topics[0], topics[4]])).Count);
    }

    [Fact]
    public async Task Lookups_use_the_index()
    {
        var connectionString = await PostgresFixture.CreateDatabaseAsync();
        await Sql.ExecuteAsync(connectionString, "INSERT INTO public.research_cache (topic, content) SELECT 't' || i, 'x' FROM generate_series(1, 20000) i; ");
        await Sql.ExecuteAsync(connectionString, "ANALYZE public.research_cache");
        await using var connection = await Sql.OpenAsync(connectionString);
        var longTopic = new string('t', 300);
        string[] few = ["t5", "t6"], some = ["t5", longTopic];
        foreach (var (sql, value) in new (string, object)[] { (ResearchSql.LookUp("t5"), "t5"), (ResearchSql.LookUp(longTopic), longTopic), (ResearchSql.LookUp(few), few), (ResearchSql.LookUp(some), some) })
        {
            await using var reader = await Sql.Command(connection, "EXPLAIN " + sql, value).ExecuteReaderAsync();
            var plan = new List<string>();
            while (await reader.ReadAsync())
            {
                plan.Add(reader.GetString(0));
            }

            Assert.Contains(plan, line => line.Contains("Index Scan Backward using ix_research_cache_topic_created_at", StringComparison.Ordinal));
            Assert.DoesNotContain(plan, line => line.Contains("Sort", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task Lookups_before_the_migrations_compare_the_whole_topic_and_after_them_the_index()
    {
        var connectionString = await PostgresFixture.CreateDatabaseAsync();
        await using var dataSource = NpgsqlDataSource.Create(connectionString);
        await using var database = new AiSystemSpec.Sdk.Connections.Database(dataSource, ownsDataSource: false, commandTimeout: null, TimeProvider.System);
        await using var connection = await dataSource.OpenConnectionAsync();
        Assert.True(await new TopicIndex().IsThereAsync(database, connection, CancellationToken.None));
        await Sql.ExecuteAsync(connectionString, "DROP INDEX public.ix_research_cache_topic_created_at");
        Assert.False(await new TopicIndex().IsThereAsync(database, connection, CancellationToken.None));
        Assert.Contains("topic = $1", ResearchSql.LookUp("t", isIndexed: false), StringComparison.Ordinal);
        Assert.Contains("topic = wanted.topic", ResearchSql.LookUp(["t"], isIndexed: false), StringComparison.Ordinal);
    }

    private Task InsertAsync(string topic, string content, string createdAt) =>
        Sql.ExecuteAsync(postgres.ConnectionString, $"INSERT INTO public.research_cache (topic, content, created_at) VALUES ($1, $2, {createdAt})", topic, content);
}
