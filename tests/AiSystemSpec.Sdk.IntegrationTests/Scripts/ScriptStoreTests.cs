using AiSystemSpec.Sdk.IntegrationTests.Infrastructure;

namespace AiSystemSpec.Sdk.IntegrationTests.Scripts;

public sealed class ScriptStoreTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private HostServices _sdk = null!;
    private string _connectionString = postgres.ConnectionString;

    private IScriptStore Store => _sdk.Scripts;

    public async Task InitializeAsync()
    {
        _connectionString = await PostgresFixture.CreateDatabaseAsync();
        _sdk = HostServices.Over(_connectionString);
    }

    public async Task DisposeAsync() => await _sdk.DisposeAsync();

    [Fact]
    public async Task DeleteAsync_deletes_one()
    {
        var (kept, gone) = (await Store.SaveAsync("kept"), await Store.SaveAsync("gone"));

        Assert.True(await Store.DeleteAsync(gone.Id));
        Assert.False(await Store.DeleteAsync(gone.Id));
        Assert.Null(await Store.GetAsync(gone.Id));
        Assert.NotNull(await Store.GetAsync(kept.Id));
    }

    [Fact]
    public async Task SaveAsync_appends_and_GetAsync_reads_back()
    {
        var saved = await Store.SaveAsync("INT. AQUARIUM — NIGHT");
        var found = await Store.GetAsync(saved.Id);
        Assert.Equal((saved.Id, saved.Content, saved.CreatedAt), (found!.Id, found.Content, found.CreatedAt));
        Assert.NotNull(saved.CreatedAt);
        Assert.Null(await Store.GetAsync(Guid.NewGuid()));
        Assert.Equal(saved.Id, (await Store.GetLatestAsync())!.Id);
    }

    [Fact]
    public async Task ListAsync_pages_through_all_newest_first_with_undated_rows_last()
    {
        await Sql.ExecuteAsync(_connectionString, "INSERT INTO public.scripts (content, created_at) SELECT i::text, now() - make_interval(mins => i / 3) FROM generate_series(1, 25) i");
        await Sql.ExecuteAsync(_connectionString, "INSERT INTO public.scripts (content, created_at) SELECT 'undated ' || i, NULL FROM generate_series(1, 5) i");
        await Sql.ExecuteAsync(_connectionString, "INSERT INTO public.scripts (content, created_at) VALUES ('for ever', 'infinity'), ('ever before', '-infinity'), (NULL, now() - interval '1 day')");
        var expected = await Sql.ScalarAsync<string>(_connectionString, "SELECT string_agg(coalesce(content, '-'), '|' ORDER BY created_at DESC NULLS LAST, id DESC) FROM public.scripts");
        foreach (var limit in new[] { 1, 4, 7, 33, 1000 })
        {
            Assert.Equal(expected, string.Join('|', (await ListAllAsync(limit)).Select(script => script.Content ?? "-")));
        }
    }

    [Fact]
    public async Task ListAsync_filters_literally_and_by_time()
    {
        foreach (var content in new[] { "100% sure", "100 sure", "a_b", "aXb", "Case", "case" })
        {
            _ = await Store.SaveAsync(content);
        }

        await Sql.ExecuteAsync(_connectionString, "INSERT INTO public.scripts (content, created_at) VALUES ('old', '2020-01-01T00:00:00Z'), ('less old', '2020-01-02T00:00:00Z')");
        Assert.Equal(["100% sure"], await ContentsAsync(new ScriptFilter { Contains = "100%" }));
        Assert.Equal(["a_b"], await ContentsAsync(new ScriptFilter { Contains = "a_b" }));
        Assert.Equal(["case"], await ContentsAsync(new ScriptFilter { Contains = "case" }));
        Assert.Equal(8, (await ContentsAsync(new ScriptFilter { Contains = "", JsonPath = "" })).Count);
        var day = new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);
        Assert.Equal(["old"], await ContentsAsync(new ScriptFilter { From = day.ToOffset(TimeSpan.FromHours(5)), To = day.AddDays(1).ToOffset(TimeSpan.FromHours(-3)) }));
        Assert.Equal("old", (await Store.GetLatestAsync(new ScriptFilter { To = day.AddDays(1) }))!.Content);
    }

    [Fact]
    public async Task ListAsync_looks_into_content_that_is_JSON_and_passes_over_what_is_not()
    {
        await Sql.ExecuteAsync(_connectionString, "INSERT INTO public.scripts (content) SELECT 'plain {' || i FROM generate_series(1, 450) i");
        foreach (var content in new[]
        {
            """{"title":"Octopus","meta":{"episode":7,"final":true},"tags":["sea","sleep"]}""",
            """{"title":"Squid","meta":{"episode":"7"}}""",
            """{"title":null}""", """{"title":"\ud800"}""", "{broken", "[1,2]",
        })
        {
            _ = await Store.SaveAsync(content);
        }

        Assert.Equal(1, await CountAsync("title", "Octopus"));
        Assert.Equal(1, await CountAsync("$.title", "Squid"));
        Assert.Equal(2, await CountAsync("meta.episode", "7"));
        Assert.Equal(1, await CountAsync("meta.final", "true"));
        Assert.Equal(1, await CountAsync("tags.1", "sleep"));
        Assert.Equal(3, await CountAsync("title", null));
        Assert.Equal(0, await CountAsync("title.deeper", null));
        var page = await Store.ListAsync(new ScriptFilter { JsonPath = "meta" }, new PageRequest { Limit = 1 });
        Assert.Contains("Squid", Assert.Single(page.Items).Content, StringComparison.Ordinal);
        page = await Store.ListAsync(new ScriptFilter { JsonPath = "meta" }, new PageRequest { Cursor = page.NextCursor, Limit = 1 });
        Assert.Contains("Octopus", Assert.Single(page.Items).Content, StringComparison.Ordinal);
        Assert.Null(page.NextCursor);
    }

    [Fact]
    public async Task ListAsync_looks_into_so_many_scripts_a_call_and_goes_on_from_there()
    {
        await Sql.ExecuteAsync(_connectionString, "INSERT INTO public.scripts (content, created_at) SELECT '{' || i, now() - i * interval '1 second' FROM generate_series(1, 20500) i");
        await Sql.ExecuteAsync(_connectionString, """INSERT INTO public.scripts (content, created_at) SELECT '{"wanted": true}', now() - interval '1 year' FROM generate_series(1, 2)""");
        var filter = new ScriptFilter { JsonPath = "wanted" };
        var first = await Store.ListAsync(filter, new PageRequest { Limit = 1 });
        Assert.Empty(first.Items);
        var second = await Store.ListAsync(filter, new PageRequest { Cursor = first.NextCursor, Limit = 1 });
        var third = await Store.ListAsync(filter, new PageRequest { Cursor = second.NextCursor, Limit = 1 });
        Assert.NotEqual(Assert.Single(second.Items).Id, Assert.Single(third.Items).Id);
        Assert.Null(third.NextCursor);
        Assert.NotNull(await Store.GetLatestAsync(filter));
    }

    [Fact]
    public async Task Bad_arguments_are_refused()
    {
        foreach (var limit in new[] { 0, -1, 1001, int.MaxValue })
        {
            _ = await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Store.ListAsync(page: new PageRequest { Limit = limit }));
        }

        foreach (var cursor in new[] { "", "not a cursor", "AAAA", new string('A', 35), "🐙" })
        {
            _ = await Assert.ThrowsAsync<ArgumentException>(() => Store.ListAsync(page: new PageRequest { Cursor = cursor }));
        }

        _ = await Assert.ThrowsAsync<ArgumentException>(() => Store.ListAsync(new ScriptFilter { JsonValue = "x" }));
        _ = await Assert.ThrowsAsync<ArgumentException>(() => Store.ListAsync(new ScriptFilter { Contains = "a\0b" }));
    }

    private async Task<List<Script>> ListAllAsync(int limit)
    {
        var all = new List<Script>();
        for (string? cursor = null; ;)
        {
            var page = await Store.ListAsync(page: new PageRequest { Cursor = cursor, Limit = limit });
            Assert.InRange(page.Items.Count, 0, limit);
            all.AddRange(page.Items);
            if ((cursor = page.NextCursor) is null)
            {
                return all;
            }
        }
    }

    private async Task<List<string?>> ContentsAsync(ScriptFilter filter) =>
        [.. (await Store.ListAsync(filter)).Items.Select(script => script.Content)];

    private async Task<int> CountAsync(string path, string? value) =>
        (await Store.ListAsync(new ScriptFilter { JsonPath = path, JsonValue = value })).Items.Count;
}
