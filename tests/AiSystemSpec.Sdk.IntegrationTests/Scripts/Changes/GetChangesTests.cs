using AiSystemSpec.Sdk.IntegrationTests.Infrastructure;

namespace AiSystemSpec.Sdk.IntegrationTests.Scripts.Changes;

public sealed class GetChangesTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime
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
    public async Task Scripts_come_as_a_reader_of_them_sees_them()
    {
        await Sql.ExecuteAsync(_database, "INSERT INTO public.scripts (content, created_at) VALUES ('a', 'infinity'), (NULL, '20000-01-01'), ('c', NULL), ('', now())");

        foreach (var script in await new FeedSession(_sdk.Scripts).LookForScriptsAsync())
        {
            var read = (await _sdk.Scripts.GetAsync(script.Id))!;
            Assert.Equal((read.Content, read.CreatedAt), (script.Content, script.CreatedAt));
        }
    }

    [Fact]
    public async Task Another_process_goes_on_from_the_cursor_of_each_script()
    {
        for (var i = 0; i < 10; i++)
        {
            _ = await _sdk.Scripts.SaveAsync($"{i}");
        }

        await using var other = HostServices.Over(_database);
        var all = (await _sdk.Scripts.GetChangesAsync()).Items;

        foreach (var (change, place) in all.Select((change, place) => (change, place)))
        {
            var rest = await other.Scripts.GetChangesAsync(change.Cursor);
            Assert.Equal(all.Skip(place + 1).Select(later => later.Script.Id), rest.Items.Select(later => later.Script.Id));
        }
    }

    [Fact]
    public async Task Changed_script_comes_again_and_a_deleted_one_does_not()
    {
        var session = new FeedSession(_sdk.Scripts);
        var (changed, deleted) = (await _sdk.Scripts.SaveAsync("one"), await _sdk.Scripts.SaveAsync("two"));
        _ = await session.LookAsync();

        await Sql.ExecuteAsync(_database, "UPDATE public.scripts SET content = 'changed' WHERE id = $1", changed.Id);
        _ = await _sdk.Scripts.DeleteAsync(deleted.Id);

        Assert.Equal(["changed"], await session.LookAsync());
    }

    [Fact]
    public async Task Zero_id_is_an_id()
    {
        await Sql.ExecuteAsync(
            _database, "INSERT INTO public.scripts (id, content, created_at) VALUES ('00000000-0000-0000-0000-000000000000', 'zero', NULL), ('ffffffff-ffff-ffff-ffff-ffffffffffff', 'last', '-infinity')");
        var session = new FeedSession(_sdk.Scripts, limit: 1);

        Assert.Equal(["zero", "last"], await session.LookAsync());
        await Sql.ExecuteAsync(_database, "UPDATE public.scripts SET content = content || '!'");
        Assert.Equal(["zero!", "last!"], await session.LookAsync());
    }

    [Fact]
    public async Task Quiet_database_costs_a_look()
    {
        _ = await _sdk.Scripts.SaveAsync("one");
        var session = new FeedSession(_sdk.Scripts);
        _ = await session.LookAsync();
        _ = await session.LookAsync(); // past the transactions of the first

        var log = new StatementLog();
        await using var source = log.Open(_database);
        await using var logged = HostServices.Over(source);
        await Until.TrueAsync(async () => // others use the server, too
        {
            var before = log.RoundTrips;
            Assert.Empty(await session.LookAsync());
            Assert.Empty(await session.Resume(logged.Scripts).LookAsync());
            return log.RoundTrips == before + 1;
        });
    }

    [Fact]
    public async Task Large_scripts_come_a_few_at_a_time()
    {
        for (var i = 0; i < 5; i++)
        {
            await Sql.ExecuteAsync(_database, "INSERT INTO public.scripts (content) SELECT string_agg(md5(i::text || $1), '') FROM generate_series(1, 250000) i", $"{i}");
        }

        var changes = await _sdk.Scripts.GetChangesAsync();

        Assert.Equal((2, true), (changes.Items.Count, changes.HasMore));
        Assert.Equal(5, (await new FeedSession(_sdk.Scripts).LookAsync()).Count);
    }

    [Fact]
    public async Task What_cannot_be_asked_is_refused()
    {
        var cursor = (await _sdk.Scripts.GetChangesAsync()).Cursor;
        var page = (await _sdk.Scripts.ListAsync()).NextCursor ?? "AQEAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
        foreach (var wrong in new[] { "", "nonsense", page, cursor[..^4], cursor + "AAAA", new string('A', 512), new string('A', 5_000), cursor.ToLowerInvariant() })
        {
            Assert.Equal("cursor", (await Assert.ThrowsAsync<ArgumentException>(() => _sdk.Scripts.GetChangesAsync(wrong))).ParamName);
            Assert.Equal("cursor", Assert.Throws<ArgumentException>(() => _sdk.Scripts.WatchAsync(wrong)).ParamName);
        }

        foreach (var limit in new[] { 0, -1, 1_001 })
        {
            Assert.Equal("limit", (await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => _sdk.Scripts.GetChangesAsync(limit: limit))).ParamName);
        }

        await using var other = HostServices.Over(await PostgresFixture.CreateDatabaseAsync());
        var refused = await Assert.ThrowsAsync<ArgumentException>(() => other.Scripts.GetChangesAsync(cursor));
        Assert.Contains(new Npgsql.NpgsqlConnectionStringBuilder(_database).Database!, refused.Message, StringComparison.Ordinal);
    }
}
