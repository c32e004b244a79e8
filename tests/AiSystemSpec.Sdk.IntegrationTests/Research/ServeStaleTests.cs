using AiSystemSpec.Sdk.IntegrationTests.Infrastructure;

namespace AiSystemSpec.Sdk.IntegrationTests.Research;

public sealed class ServeStaleTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private static readonly ResearchOptions DayLate = new() { ServeStaleFor = TimeSpan.FromDays(1) };

    private readonly HostServices _sdk = HostServices.Over(postgres.ConnectionString);
    private int _calls;

    private IResearchCache Cache => _sdk.Research;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _sdk.DisposeAsync();

    [Fact]
    public async Task Failed_research_serves_the_stale_entry_with_its_error()
    {
        await InsertAsync("error", "7 days 12 hours");
        var result = await Cache.GetOrResearchAsync("error", Fail, DayLate);
        Assert.Equal((ResearchOutcome.StaleOnError, MissReason.Expired, "old", true), (result.Outcome, result.MissReason, result.Entry.Content, result.Saved));
        Assert.Equal("quota", result.RefreshError?.Message);
        Assert.InRange(result.Age, TimeSpan.FromDays(7.5), TimeSpan.FromDays(7.6));
    }

    [Theory]
    [InlineData("8 days 1 second", 1)]
    [InlineData("7 days 12 hours", 0)]
    public async Task Failed_research_throws_where_the_entry_is_too_old_or_none_may_serve(string age, int days)
    {
        var topic = $"too old {days}";
        await InsertAsync(topic, age);
        _ = await Assert.ThrowsAsync<InvalidOperationException>(async () => await Cache.GetOrResearchAsync(topic, Fail, new ResearchOptions { ServeStaleFor = TimeSpan.FromDays(days) }));
    }

    [Fact]
    public async Task Blank_invalid_or_undated_entries_never_serve()
    {
        await InsertAsync("blank", "7 days 1 hour", " ");
        await InsertAsync("invalid", "7 days 1 hour");
        await Sql.ExecuteAsync(postgres.ConnectionString, "INSERT INTO public.research_cache (topic, content, created_at) VALUES ('undated', 'old', NULL)");
        foreach (var topic in new[] { "blank", "invalid", "undated", "absent" })
        {
            _ = await Assert.ThrowsAsync<InvalidOperationException>(
                async () => await Cache.GetOrResearchAsync(topic, Fail, DayLate with { IsValid = content => topic != "invalid" && content.Length > 0 }));
        }
    }

    [Fact]
    public async Task SoftTimeout_serves_the_stale_entry_and_the_research_is_stored_all_the_same()
    {
        await InsertAsync("slow", "7 days 1 hour");
        var release = new TaskCompletionSource();
        var result = await Cache.GetOrResearchAsync("slow", Slow("new", release.Task), DayLate with { SoftTimeout = TimeSpan.FromMilliseconds(100) });
        Assert.Equal((ResearchOutcome.StaleOnTimeout, "old", null), (result.Outcome, result.Entry.Content, result.RefreshError));
        release.SetResult();
        for (var tries = 0; (await Cache.GetFreshAsync("slow"))?.Content != "new"; tries++)
        {
            Assert.True(tries < 200, "The research in the background was not stored.");
            await Task.Delay(20);
        }
    }

    [Fact]
    public async Task SoftTimeout_without_an_entry_that_may_serve_has_no_effect()
    {
        var result = await Cache.GetOrResearchAsync("no entry", Slow("new", Task.Delay(400)), DayLate with { SoftTimeout = TimeSpan.FromMilliseconds(50) });
        Assert.Equal((ResearchOutcome.Researched, "new"), (result.Outcome, result.Entry.Content));
    }

    [Fact]
    public async Task LockWait_serves_the_stale_entry_else_researches_without_the_lock()
    {
        await using var other = HostServices.Over(postgres.ConnectionString);
        await InsertAsync("locked", "7 days 1 hour");
        var release = new TaskCompletionSource();
        var holder = Cache.GetOrResearchAsync("locked", Slow("first", release.Task)).AsTask();
        await UntilCalledAsync(1);
        var options = new ResearchOptions { LockWait = TimeSpan.FromMilliseconds(300) };
        var stale = await other.Research.GetOrResearchAsync("locked", Slow("never", Task.CompletedTask), options with { ServeStaleFor = TimeSpan.FromDays(1) });
        Assert.Equal((ResearchOutcome.StaleOnTimeout, "old"), (stale.Outcome, stale.Entry.Content));
        var second = await other.Research.GetOrResearchAsync("locked", Slow("second", Task.CompletedTask), options);
        Assert.Equal((ResearchOutcome.Researched, "second"), (second.Outcome, second.Entry.Content));
        release.SetResult();
        Assert.Equal("first", (await holder).Entry.Content);
        Assert.Equal(2, _calls);
    }

    [Fact]
    public async Task LockWait_does_not_count_the_lookup()
    {
        await using var gate = await Sql.OpenAsync(postgres.ConnectionString);
        await using var transaction = await gate.BeginTransactionAsync();
        _ = await Sql.Command(gate, "LOCK TABLE public.research_cache").ExecuteNonQueryAsync(); // no lookup comes through
        var options = new ResearchOptions { LockWait = TimeSpan.FromMilliseconds(500) };
        var all = Enumerable.Range(0, 20).Select(_ => Cache.GetOrResearchAsync("slow lookup", Slow("once", Task.Delay(100)), options).AsTask()).ToList();
        await Task.Delay(options.LockWait.Value * 2);
        await transaction.RollbackAsync();
        Assert.All(await Task.WhenAll(all), result => Assert.Equal("once", result.Entry.Content));
        Assert.Equal(1, _calls);
    }

    [Fact]
    public async Task LockWait_bounds_the_callers_of_the_same_process_too()
    {
        var release = new TaskCompletionSource();
        var holder = Cache.GetOrResearchAsync("hung", Slow("first", release.Task)).AsTask();
        await UntilCalledAsync(1);
        var options = new ResearchOptions { LockWait = TimeSpan.FromMilliseconds(200) };
        var others = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Cache.GetOrResearchAsync("hung", Slow("second", Task.Delay(100)), options).AsTask()));
        Assert.All(others, result => Assert.Equal("second", result.Entry.Content));
        Assert.InRange(_calls, 2, 3); // they joined each other
        release.SetResult();
        Assert.Equal("first", (await holder).Entry.Content);
    }

    [Fact]
    public async Task EagerRefreshAt_serves_all_at_once_and_refreshes_once()
    {
        await InsertAsync("eager", "6 days");
        var options = new ResearchOptions { EagerRefreshAt = 0.8 };
        var results = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Cache.GetOrResearchAsync("eager", Slow("new", Task.Delay(200)), options).AsTask()));
        Assert.All(results, result => Assert.Equal((ResearchOutcome.Hit, "old"), (result.Outcome, result.Entry.Content)));
        await _sdk.DisposeAsync(); // waits for what is under way
        Assert.Equal(1, _calls);
        Assert.Equal("new", await Sql.ScalarAsync<string>(postgres.ConnectionString, "SELECT content FROM public.research_cache WHERE topic = 'eager' ORDER BY created_at DESC LIMIT 1"));
    }

    [Fact]
    public async Task EagerRefreshAt_that_gets_no_lock_never_sends_those_who_joined_to_research_without()
    {
        await using var other = HostServices.Over(postgres.ConnectionString);
        await InsertAsync("eager joined", "6 days");
        var release = new TaskCompletionSource();
        var holder = Cache.GetOrResearchAsync("eager joined", Slow("first", release.Task), new ResearchOptions { ForceRefresh = true }).AsTask();
        await UntilCalledAsync(1);

        // In the other process an eager refresh, which does not wait for the lock, and callers that join it since the entry is too old
        // for them.
        var eager = Enumerable.Range(0, 20).Select(_ => other.Research.GetOrResearchAsync("eager joined", Slow("never", Task.CompletedTask), new ResearchOptions { EagerRefreshAt = 0.8 }).AsTask());
        var joined = Enumerable.Range(0, 20).Select(_ => other.Research.GetOrResearchAsync("eager joined", Slow("never", Task.CompletedTask), new ResearchOptions { MaxAge = TimeSpan.FromDays(1) }).AsTask());
        var all = Task.WhenAll(eager.Zip(joined, (first, second) => new[] { first, second }).SelectMany(pair => pair).ToList());
        await Task.Delay(500);
        release.SetResult();
        _ = await all;
        _ = await holder;
        Assert.Equal(1, _calls);
    }

    [Fact]
    public async Task EagerRefreshAt_leaves_young_entries_alone()
    {
        await InsertAsync("young", "5 days");
        var result = await Cache.GetOrResearchAsync("young", Slow("new", Task.CompletedTask), new ResearchOptions { EagerRefreshAt = 0.8 });
        Assert.Equal(ResearchOutcome.Hit, result.Outcome);
        await _sdk.DisposeAsync();
        Assert.Equal(0, _calls);
    }

    [Fact]
    public async Task Disposal_cancels_what_is_under_way_after_its_timeout()
    {
        var sdk = HostServices.Over(postgres.ConnectionString, options => options.ShutdownTimeout = TimeSpan.FromMilliseconds(200));
        var call = sdk.Research.GetOrResearchAsync("endless", async (context, token) =>
        {
            _ = Interlocked.Increment(ref _calls);
            await Task.Delay(Timeout.Infinite, token);
            return "never";
        }).AsTask();
        await UntilCalledAsync(1);
        await sdk.DisposeAsync();
        _ = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
    }

    private async Task UntilCalledAsync(int calls)
    {
        for (var tries = 0; _calls < calls; tries++)
        {
            Assert.True(tries < 500, "The research was not called.");
            await Task.Delay(20);
        }
    }

    private Task<string> Fail(ResearchContext context, CancellationToken cancellationToken) => throw new InvalidOperationException("quota");

    private Func<ResearchContext, CancellationToken, Task<string>> Slow(string content, Task until) => async (_, _) =>
    {
        _ = Interlocked.Increment(ref _calls);
        await until;
        return content;
    };

    private Task InsertAsync(string topic, string age, string content = "old") => Sql.ExecuteAsync(
        postgres.ConnectionString, $"INSERT INTO public.research_cache (topic, content, created_at) VALUES ($1, $2, now() - interval '{age}')", topic, content);
}
