using AiSystemSpec.Sdk.IntegrationTests.Infrastructure;

namespace AiSystemSpec.Sdk.IntegrationTests.Research;

/// <summary>
/// The session that holds the topics' locks: whatever ends idle transactions, and whatever isolation the database has by default.
/// </summary>
public sealed class LockSessionTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private const string Session = "FROM pg_stat_activity WHERE datname = current_database() AND state = 'idle in transaction'";

    private readonly TaskCompletionSource _began = new();
    private int _calls;

    [Fact]
    [Trait("Category", "PgBouncer")]
    public async Task Poolers_idle_limit_does_not_cost_the_lock()
    {
        var database = await PostgresFixture.CreateDatabaseAsync();
        await using var bouncer = await PgBouncer.StartAsync(database, poolSize: 5, settings: "idle_transaction_timeout = 2");
        await using var sdk = HostServices.Over(bouncer.ConnectionString);
        await using var other = HostServices.Over(bouncer.ConnectionString);
        var both = await Task.WhenAll(new[] { sdk, other }.Select(host => host.Research.GetOrResearchAsync("idle", Research(Task.Delay(TimeSpan.FromSeconds(5)))).AsTask()));
        Assert.Equal(1, _calls);
        Assert.All(both, result => Assert.True(result is { Saved: true, Entry.Content: "found" }));
    }

    [Theory]
    [InlineData("read committed")]
    [InlineData("repeatable read")]
    [InlineData("serializable")]
    public async Task Session_holds_no_snapshot_whatever_the_databases_default_isolation_is(string isolation)
    {
        var database = await PostgresFixture.CreateDatabaseAsync();
        await Sql.ExecuteAsync(database, $"DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET default_transaction_isolation = ''{isolation}''', current_database()); END $$");
        await using var sdk = HostServices.Over(database);
        var release = new TaskCompletionSource();
        var research = sdk.Research.GetOrResearchAsync("snapshot", Research(release.Task)).AsTask();
        await _began.Task;
        await AssertNoSnapshotAsync(database);
        var began = await Sql.ScalarAsync<DateTime>(database, $"SELECT query_start {Session}");
        await Until.TrueAsync(async () => await Sql.ScalarAsync<DateTime>(database, $"SELECT query_start {Session}") > began); // it was kept alive
        await AssertNoSnapshotAsync(database);
        var second = sdk.Research.GetOrResearchAsync("second", Research(release.Task)).AsTask();
        await Until.TrueAsync(() => _calls == 2);
        await AssertNoSnapshotAsync(database);
        release.SetResult();
        Assert.True((await research).Saved && (await second).Saved);
        await Until.TrueAsync(async () => await Sql.ScalarAsync<long>(database, $"SELECT count(*) {Session}") == 0);
    }

    [Fact]
    public async Task Session_says_nothing_when_no_topic_is_researched()
    {
        var log = new StatementLog();
        await using var source = log.Open(postgres.ConnectionString);
        await using var sdk = HostServices.Over(source);
        _ = await sdk.Research.GetOrResearchAsync("quiet", Research(Task.CompletedTask));
        var sent = log.RoundTrips;
        await Task.Delay(TimeSpan.FromSeconds(1.5));
        Assert.Equal(sent, log.RoundTrips);
    }

    [Fact]
    public async Task Cold_miss_takes_five_round_trips_and_a_hit_and_a_store_take_one()
    {
        var log = new StatementLog();
        await using var source = log.Open(postgres.ConnectionString);
        await using var sdk = HostServices.Over(source);
        Assert.Null(await sdk.Research.GetFreshAsync("knows the index now"));
        Assert.Equal(5, await CountAsync(log, async () => await sdk.Research.GetOrResearchAsync("cold", Research(Task.CompletedTask))));
        Assert.Equal(1, await CountAsync(log, async () => await sdk.Research.GetOrResearchAsync("cold", Research(Task.CompletedTask))));
        Assert.Equal(1, await CountAsync(log, async () => await sdk.Research.SaveAsync("cold", "other")));
        Assert.Equal(1, await CountAsync(log, async () => await sdk.Research.GetFreshAsync("cold")));
        Assert.Equal(1, await CountAsync(log, async () => await sdk.Research.GetFreshAsync(["cold", "absent"])));
    }

    private static async Task<int> CountAsync(StatementLog log, Func<Task> call)
    {
        var before = log.RoundTrips;
        await call();
        return log.RoundTrips - before;
    }

    private static async Task AssertNoSnapshotAsync(string database) =>
        Assert.Equal("t f f", await Sql.ScalarAsync<string>(
            database, $"SELECT concat_ws(' ', count(*) = 1, bool_or(backend_xid IS NOT NULL), bool_or(backend_xmin IS NOT NULL)) {Session}"));

    private Func<ResearchContext, CancellationToken, Task<string>> Research(Task until) => async (_, _) =>
    {
        _ = Interlocked.Increment(ref _calls);
        _ = _began.TrySetResult();
        await until;
        return "found";
    };
}
