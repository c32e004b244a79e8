using AiSystemSpec.Sdk.IntegrationTests.Infrastructure;

namespace AiSystemSpec.Sdk.IntegrationTests.Scripts.Changes;

/// <summary>Whatever writers do, every script comes: to one who looks now and then, to one who watches, and through small pages.</summary>
public sealed class WriterTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private HostServices _sdk = null!;
    private string _database = postgres.ConnectionString;

    public static TheoryData<string> Scenarios => new(WriterScenarios.All.Keys);

    public async Task InitializeAsync()
    {
        _database = await PostgresFixture.CreateDatabaseAsync();
        _sdk = HostServices.Over(_database);
    }

    public async Task DisposeAsync() => await _sdk.DisposeAsync();

    [Theory]
    [MemberData(nameof(Scenarios))]
    public async Task Every_script_comes_to_who_looks(string scenario)
    {
        var (plain, small) = (new FeedSession(_sdk.Scripts), new FeedSession(_sdk.Scripts, limit: 2));
        var (found, foundSmall) = (new List<string?>(), new List<string?>());
        async Task LookAsync()
        {
            found.AddRange(await plain.LookAsync());
            foundSmall.AddRange(await small.LookAsync());
        }

        await LookAsync();
        var expected = await WriterScenarios.All[scenario](new WriterScenarios(_database, LookAsync));
        await LookAsync();

        Assert.Equal(expected.Order(StringComparer.Ordinal), found.Distinct().Order(StringComparer.Ordinal));
        Assert.Equal(expected.Order(StringComparer.Ordinal), foundSmall.Distinct().Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Scenarios))]
    public async Task Every_script_comes_once_to_who_watches(string scenario)
    {
        var watching = new Watching(_sdk.Scripts);
        await watching.LookAsync();
        var expected = await WriterScenarios.All[scenario](new WriterScenarios(_database, watching.LookAsync));
        await watching.HasAsync(expected);
        await watching.LookAsync();
        await watching.DisposeAsync();

        Assert.Equal(expected.Order(StringComparer.Ordinal), watching.Contents.Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(WriterScenarios.Misses), MemberType = typeof(WriterScenarios))]
    public async Task Naive_feed_misses_one(string scenario, NaiveKind kind)
    {
        var naive = new NaiveFeed(_database, kind);
        var found = new List<string?>();
        async Task LookAsync() => found.AddRange(await naive.LookAsync());

        await LookAsync();
        var expected = await WriterScenarios.All[scenario](new WriterScenarios(_database, LookAsync));
        await LookAsync();

        Assert.NotEmpty(expected.Except(found, StringComparer.Ordinal));
    }
}
