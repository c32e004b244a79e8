using AiSystemSpec.Sdk.IntegrationTests.Infrastructure;

namespace AiSystemSpec.Sdk.IntegrationTests.Scripts.Changes;

/// <summary>What can be told exactly where no other transaction is open on the server.</summary>
public sealed class QuietServerTests(FeedServer server) : IClassFixture<FeedServer>, IAsyncLifetime
{
    private HostServices _sdk = null!;
    private string _database = "";

    public async Task InitializeAsync()
    {
        _database = await server.CreateDatabaseAsync();
        _sdk = HostServices.Over(_database);
    }

    public async Task DisposeAsync() => await _sdk.DisposeAsync();

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(100)]
    public async Task All_that_is_there_comes_oldest_first_and_then_what_is_new(int limit)
    {
        await Sql.ExecuteAsync(
            _database,
            """
            INSERT INTO public.scripts (content, created_at) VALUES ('for ever', 'infinity'), ('ever before', '-infinity'), ('far', '20000-01-01'), ('undated', NULL),
              ('2020', '2020-01-01'), ('2021', '2021-01-01'), ('before Christ', '4000-01-01 BC')
            """);
        var session = new FeedSession(_sdk.Scripts, limit);

        Assert.Equal(["undated", "ever before", "before Christ", "2020", "2021", "far", "for ever"], await session.LookAsync());
        Assert.Empty(await session.LookAsync());
        _ = await _sdk.Scripts.SaveAsync("new");
        await FeedSession.InsertAsync(_database, "newer");
        Assert.Equal(["new", "newer"], await session.LookAsync());
        Assert.Empty(await session.LookAsync());
    }

    [Fact]
    public async Task Nothing_comes_twice_while_no_transaction_is_open()
    {
        var session = new FeedSession(_sdk.Scripts, limit: 3);
        var found = new List<string?>();
        for (var i = 0; i < 40; i++)
        {
            await FeedSession.InsertAsync(_database, $"{i}");
            found.AddRange(i % 7 == 0 ? await session.LookAsync() : []);
        }

        found.AddRange(await session.LookAsync());
        Assert.Equal(Enumerable.Range(0, 40).Select(i => $"{i}"), found);
    }

    [Fact]
    public async Task Prepared_transaction_is_found_when_it_is_committed()
    {
        var session = new FeedSession(_sdk.Scripts);
        var naive = new NaiveFeed(_database, NaiveKind.Xmin);
        var (found, missed) = (new List<string?>(), new List<string?>());
        async Task LookAsync()
        {
            found.AddRange(await session.LookAsync());
            missed.AddRange(await naive.LookAsync());
        }

        await LookAsync();
        var expected = await WriterScenarios.PreparedAsync(_database, LookAsync);
        await LookAsync();

        Assert.Equal(expected.Order(StringComparer.Ordinal), found.Distinct().Order(StringComparer.Ordinal));
        Assert.NotEmpty(expected.Except(missed, StringComparer.Ordinal));
    }

    [Fact]
    public async Task Cursor_has_512_characters_at_most_and_each_pass_reaches_the_end_however_long_a_transaction_is_open()
    {
        await using var open = await Sql.OpenAsync(_database);
        await using var transaction = await open.BeginTransactionAsync();
        await using (var first = Sql.Command(open, "INSERT INTO public.scripts (content) VALUES ('late')"))
        {
            _ = await first.ExecuteNonQueryAsync();
        }

        await using var writer = await Sql.OpenAsync(_database);
        for (var i = 0; i < 1_000; i++) // every other transaction is somebody else's: a run each
        {
            await using var insert = Sql.Command(writer, i % 2 == 0 ? $"INSERT INTO public.scripts (content) VALUES ('{i}')" : "SELECT pg_current_xact_id()");
            _ = await insert.ExecuteNonQueryAsync();
        }

        var session = new FeedSession(_sdk.Scripts, limit: 20);
        Assert.Equal(500, (await session.LookAsync()).Distinct().Count());
        await FeedSession.InsertAsync(_database, "new");
        Assert.Contains("new", await session.LookAsync(), StringComparer.Ordinal);
        await transaction.CommitAsync();
        Assert.Contains("late", await session.LookAsync(), StringComparer.Ordinal);
        Assert.Empty(await session.LookAsync());
    }
}
