using AiSystemSpec.Sdk.IntegrationTests.Infrastructure;

namespace AiSystemSpec.Sdk.IntegrationTests.Scripts;

public sealed class ConditionalSaveTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private HostServices _sdk = null!;
    private string _database = postgres.ConnectionString;

    public async Task InitializeAsync()
    {
        _database = await PostgresFixture.CreateDatabaseAsync();
        _sdk = HostServices.Over(_database);
    }

    public async Task DisposeAsync() => await _sdk.DisposeAsync();

    [Fact]
    public async Task Content_of_the_newest_is_not_saved_again()
    {
        var first = await _sdk.Scripts.SaveIfChangedAsync("a");
        var again = await _sdk.Scripts.SaveIfChangedAsync("a");
        var other = await _sdk.Scripts.SaveIfChangedAsync("b");
        var back = await _sdk.Scripts.SaveIfChangedAsync("a");

        Assert.Equal((true, false, true, true), (first.Saved, again.Saved, other.Saved, back.Saved));
        Assert.Equal((first.Script.Id, first.Script.CreatedAt), (again.Script.Id, again.Script.CreatedAt));
        Assert.Equal(back.Script.Id, (await _sdk.Scripts.GetLatestAsync())!.Id);
        Assert.Equal(3, (await _sdk.Scripts.ListAsync()).Items.Count);
    }

    [Fact]
    public async Task Newest_is_looked_for_among_the_filters()
    {
        var filter = new ScriptFilter { JsonPath = "episode", JsonValue = "1" };
        Assert.True((await _sdk.Scripts.SaveIfChangedAsync("""{"episode":1}""", filter)).Saved);
        Assert.True((await _sdk.Scripts.SaveIfChangedAsync("""{"episode":2}""", filter with { JsonValue = "2" })).Saved);
        Assert.False((await _sdk.Scripts.SaveIfChangedAsync("""{"episode":1}""", filter)).Saved);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public async Task Processes_with_the_same_contents_save_each_once(int hosts)
    {
        var services = Enumerable.Range(0, hosts).Select(_ => HostServices.Over(_database)).ToList();
        for (var round = 0; round < 10; round++)
        {
            var content = $"version {round}";
            var saved = await Task.WhenAll(Enumerable.Range(0, 12).Select(caller => services[caller % hosts].Scripts.SaveIfChangedAsync(content)));
            Assert.Single(saved, result => result.Saved);
            Assert.Single(saved.Select(result => result.Script.Id).Distinct());
        }

        Assert.Equal(10, (await _sdk.Scripts.ListAsync()).Items.Count);
        foreach (var host in services)
        {
            await host.DisposeAsync();
        }
    }

    [Fact]
    public async Task Two_contents_in_turn_are_each_the_newest_when_they_are_saved()
    {
        await using var other = HostServices.Over(_database);
        var results = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => (i % 2 == 0 ? _sdk : other).Scripts.SaveIfChangedAsync(i % 2 == 0 ? "a" : "b")));

        var all = (await _sdk.Scripts.ListAsync(page: new PageRequest { Limit = 100 })).Items.Select(script => script.Content).ToList();
        Assert.Equal(results.Count(result => result.Saved), all.Count);
        Assert.All(all.Zip(all.Skip(1)), pair => Assert.NotEqual(pair.First, pair.Second)); // no two of one content behind each other
    }

    [Fact]
    public async Task Restored_script_is_the_newest_and_the_history_stays()
    {
        var old = await _sdk.Scripts.SaveAsync("old");
        _ = await _sdk.Scripts.SaveAsync("new");

        var restored = await _sdk.Scripts.RestoreAsync(old.Id);

        Assert.Equal(("old", restored.Id), (restored.Content, (await _sdk.Scripts.GetLatestAsync())!.Id));
        Assert.NotEqual(old.Id, restored.Id);
        Assert.Equal(3, (await _sdk.Scripts.ListAsync()).Items.Count);
        Assert.Contains("no script", (await Assert.ThrowsAsync<InvalidOperationException>(() => _sdk.Scripts.RestoreAsync(Guid.NewGuid()))).Message, StringComparison.Ordinal);
        await Sql.ExecuteAsync(_database, "INSERT INTO public.scripts (id, content) VALUES ('11111111-1111-4111-8111-111111111111', NULL)");
        _ = await Assert.ThrowsAsync<InvalidOperationException>(() => _sdk.Scripts.RestoreAsync(Guid.Parse("11111111-1111-4111-8111-111111111111")));
    }

    [Fact]
    public async Task What_cannot_be_saved_or_asked_is_refused()
    {
        Assert.Equal("content", (await Assert.ThrowsAsync<ArgumentException>(() => _sdk.Scripts.SaveIfChangedAsync(" "))).ParamName);
        Assert.Equal("among", (await Assert.ThrowsAsync<ArgumentException>(() => _sdk.Scripts.SaveIfChangedAsync("a", new ScriptFilter { JsonValue = "x" }))).ParamName);
    }
}
