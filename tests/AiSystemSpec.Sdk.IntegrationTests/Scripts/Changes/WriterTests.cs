using AiSystemSpec.Sdk.IntegrationTests.Infrastructure;

namespace AiSystemSpec.Sdk.IntegrationTests.Scripts.Changes;

/// <summary>Whatever writers do, every script comes: to one who looks now and then, to one who watches, and through small pages.</summary>
public sealed class WriterTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private static readonly ScriptWatchOptions Often = new() { MinPoll = TimeSpan.FromMilliseconds(10), MaxPoll = TimeSpan.FromMilliseconds(20) };

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
        var looks = 0;
        var found = new List<string?>();
        using var end = new CancellationTokenSource();
        var watch = WatchAsync(found, () => Interlocked.Increment(ref looks), end.Token);
        async Task LookAsync()
        {
            var before = Volatile.Read(ref looks);
            await Until.TrueAsync(() => Volatile.Read(ref looks) >= before + 2);
        }

        await LookAsync();
        var expected = await WriterScenarios.All[scenario](new WriterScenarios(_database, LookAsync));
        await Until.TrueAsync(() => expected.All(content => Snapshot(found).Contains(content, StringComparer.Ordinal)));
        await LookAsync();
        await end.CancelAsync();
        _ = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => watch);

        Assert.Equal(expected.Order(StringComparer.Ordinal), found.Order(StringComparer.Ordinal));
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

    private async Task WatchAsync(List<string?> found, Action looked, CancellationToken cancellationToken)
    {
        await foreach (var change in _sdk.Scripts.WatchAsync(options: Often with { OnProgress = _ => looked() }, cancellationToken: cancellationToken))
        {
            lock (found)
            {
                found.Add(change.Script.Content);
            }
        }
    }

    private static List<string?> Snapshot(List<string?> found)
    {
        lock (found)
        {
            return [.. found];
        }
    }
}
