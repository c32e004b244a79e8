using AiSystemSpec.Sdk.IntegrationTests.Infrastructure;

namespace AiSystemSpec.Sdk.IntegrationTests.Scripts;

/// <summary>Searches in contents: bounded, and harmed by no content.</summary>
public sealed class SearchTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private HostServices _sdk = null!;
    private string _database = postgres.ConnectionString;

    public async Task InitializeAsync()
    {
        _database = await PostgresFixture.CreateDatabaseAsync();
        _sdk = HostServices.Over(_database);
    }

    public async Task DisposeAsync() => await _sdk.DisposeAsync();

    [Theory]
    [InlineData("Contains")]
    [InlineData("Json")]
    public async Task One_call_looks_at_20000_scripts(string kind)
    {
        await Sql.ExecuteAsync(
            _database,
            """
            INSERT INTO public.scripts (content, created_at) SELECT '{"other":1}', now() - i * interval '1 s' FROM generate_series(1, 30000) i;
            INSERT INTO public.scripts (content, created_at) SELECT '{"other":1}', NULL FROM generate_series(1, 15000) i;
            """);
        await Sql.ExecuteAsync(_database, """INSERT INTO public.scripts (content, created_at) VALUES ('{"wanted":1}', now() - interval '1 year'), ('{"wanted":2}', NULL)""");
        var filter = kind is "Json" ? new ScriptFilter { JsonPath = "wanted" } : new ScriptFilter { Contains = "wanted" };

        var found = new List<string?>();
        var pages = 0;
        string? cursor = null;
        do
        {
            var page = await _sdk.Scripts.ListAsync(filter, new PageRequest { Cursor = cursor });
            found.AddRange(page.Items.Select(script => script.Content));
            cursor = page.NextCursor;
            pages++;
        }
        while (cursor is not null);

        Assert.Equal(["""{"wanted":1}""", """{"wanted":2}"""], found);
        Assert.Equal(3, pages);
        Assert.Equal("""{"wanted":1}""", (await _sdk.Scripts.GetLatestAsync(filter))!.Content);
        Assert.Null(await _sdk.Scripts.GetLatestAsync(filter with { Contains = "nowhere" }));
    }

    [Fact]
    public async Task Page_that_is_full_at_the_very_end_of_the_stretch_goes_on()
    {
        await Sql.ExecuteAsync(_database, "INSERT INTO public.scripts (content, created_at) SELECT 'x' || i, now() - i * interval '1 s' FROM generate_series(1, 20003) i");

        var ids = new List<Guid>();
        string? cursor = null;
        do
        {
            var page = await _sdk.Scripts.ListAsync(new ScriptFilter { Contains = "x" }, new PageRequest { Cursor = cursor, Limit = 1_000 });
            ids.AddRange(page.Items.Select(script => script.Id));
            cursor = page.NextCursor;
        }
        while (cursor is not null);

        Assert.Equal((20_003, 20_003), (ids.Count, ids.Distinct().Count()));
    }

    [Fact]
    public async Task No_content_does_harm_and_every_spelling_is_found()
    {
        string[] contents =
        [
            "plain", "", "{", "[1,", """{"a":""", "{\"episode\":\"x\\u0000y\"}", """{"episode":"\ud800"}""", """{"episode": 1e999999}""", new string('[', 100_000),
            """{"episode": null}""", """{"episode": {"n": "7"}}""", """["episode"]""", """{"epi\u0073ode": "7"}""", """{"episode": "\u0037"}""", """{"episode": 7}""", """{"episode": "7"}""",
            """{"episode": 8, "episode": 7}""", """{"meta": {"list": [{"x": "a/b"}, {"x": "a\/b"}, {"x": "line\nbreak"}]}}""", """ {"quote": "say \"hi\"", "tab": "\t"} """,
        ];
        foreach (var content in contents)
        {
            await Sql.ExecuteAsync(_database, "INSERT INTO public.scripts (content) VALUES ($1)", content);
        }

        await Sql.ExecuteAsync(_database, "INSERT INTO public.scripts (content) VALUES (NULL)");

        Assert.Equal(5, await CountAsync("episode", "7"));
        Assert.Equal(1, await CountAsync("episode.n", "7"));
        Assert.Equal(1, await CountAsync("meta.list.0.x", "a/b"));
        Assert.Equal(1, await CountAsync("$.meta.list.1.x", "a/b"));
        Assert.Equal(1, await CountAsync("meta.list.2.x", "line\nbreak"));
        Assert.Equal(0, await CountAsync("meta.list.-1.x", "line\nbreak"));
        Assert.Equal(1, await CountAsync("quote", "say \"hi\""));
        Assert.Equal(1, await CountAsync("tab", "\t"));
        Assert.Equal(0, await CountAsync("episode", "nothing"));
        Assert.Equal(0, await CountAsync("", null) - contents.Length - 1);
        Assert.True(await CountAsync("episode", null) >= 8);
    }

    [Fact]
    public async Task Pages_are_stable_while_scripts_arrive()
    {
        await Sql.ExecuteAsync(_database, "INSERT INTO public.scripts (content, created_at) SELECT 'x' || i, now() - i * interval '1 h' FROM generate_series(1, 50) i");
        var ids = new List<Guid>();
        string? cursor = null;
        do
        {
            var page = await _sdk.Scripts.ListAsync(new ScriptFilter { Contains = "x" }, new PageRequest { Cursor = cursor, Limit = 7 });
            ids.AddRange(page.Items.Select(script => script.Id));
            cursor = page.NextCursor;
            _ = await _sdk.Scripts.SaveAsync("x new");
        }
        while (cursor is not null);

        Assert.Equal((50, 50), (ids.Count, ids.Distinct().Count()));
    }

    private async Task<int> CountAsync(string path, string? value) =>
        (await _sdk.Scripts.ListAsync(new ScriptFilter { JsonPath = path, JsonValue = value }, new PageRequest { Limit = 1_000 })).Items.Count;
}
