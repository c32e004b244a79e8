using AiSystemSpec.Sdk.IntegrationTests.Infrastructure;

namespace AiSystemSpec.Sdk.IntegrationTests.Research;

public sealed class GetOrResearchTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private static readonly ResearchOptions Forced = new() { ForceRefresh = true };

    private readonly HostServices _sdk = HostServices.Over(postgres.ConnectionString);
    private int _calls;

    private IResearchCache Cache => _sdk.Research;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _sdk.DisposeAsync();

    [Fact]
    public async Task Cold_topic_is_researched_and_stored_then_hit()
    {
        var first = await Cache.GetOrResearchAsync("cold", Research("found"));
        Assert.Equal((ResearchOutcome.Researched, MissReason.Absent, true, TimeSpan.Zero), (first.Outcome, first.MissReason, first.Saved, first.Age));
        var second = await Cache.GetOrResearchAsync("cold", Research("other"));
        Assert.Equal((ResearchOutcome.Hit, MissReason.None, true, "found", first.Entry.Id), (second.Outcome, second.MissReason, second.Saved, second.Entry.Content, second.Entry.Id));
        Assert.True(second.Age > TimeSpan.Zero);
        Assert.Equal(1, _calls);
    }

    [Fact]
    public async Task Expired_topic_is_researched_with_the_previous_entry()
    {
        await InsertAsync("expired", "old", "8 days");
        ResearchEntry? previous = null;
        var result = await Cache.GetOrResearchAsync("expired", (context, _) =>
        {
            previous = context.Previous;
            return Task.FromResult("new");
        });
        Assert.Equal((ResearchOutcome.Researched, MissReason.Expired, "old"), (result.Outcome, result.MissReason, previous?.Content));
        Assert.Equal(["new", "old"], await Cache.GetHistoryAsync("expired").Select(entry => entry.Content).ToListAsync());
    }

    [Fact]
    public async Task Undated_row_is_given_as_previous()
    {
        await Sql.ExecuteAsync(postgres.ConnectionString, "INSERT INTO public.research_cache (topic, content, created_at) VALUES ('undated', 'u', NULL)");
        ResearchEntry? previous = null;
        _ = await Cache.GetOrResearchAsync("undated", (context, _) => Task.FromResult((previous = context.Previous)!.Content + "!"));
        Assert.Equal("u", previous?.Content);
    }

    [Fact]
    public async Task Invalid_entry_is_a_miss()
    {
        _ = await Cache.SaveAsync("invalid", "not json");
        var result = await Cache.GetOrResearchAsync("invalid", Research("{}"), new ResearchOptions { IsValid = content => content.StartsWith('{') });
        Assert.Equal((ResearchOutcome.Researched, MissReason.Invalid, "{}"), (result.Outcome, result.MissReason, result.Entry.Content));
    }

    [Fact]
    public async Task Forced_refresh_researches_a_fresh_topic()
    {
        _ = await Cache.SaveAsync("forced", "old");
        var result = await Cache.GetOrResearchAsync("forced", Research("new"), Forced);
        Assert.Equal((ResearchOutcome.Researched, MissReason.Forced, "new"), (result.Outcome, result.MissReason, result.Entry.Content));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" \n")]
    public async Task Empty_result_throws_and_is_not_stored(string? content)
    {
        _ = await Assert.ThrowsAsync<EmptyResearchException>(async () => await Cache.GetOrResearchAsync("empty", (_, _) => Task.FromResult(content!)));
        Assert.Null(await Cache.GetLatestAsync("empty"));
    }

    [Fact]
    public async Task Callers_of_one_process_share_one_research_and_get_objects_of_their_own()
    {
        var release = new TaskCompletionSource();
        var calls = Enumerable.Range(0, 300).Select(_ => Cache.GetOrResearchAsync("shared", Research("found", release.Task)).AsTask()).ToList();
        await UntilAsync(() => _calls == 1);
        release.SetResult();
        var results = await Task.WhenAll(calls);
        Assert.Equal(1, _calls);
        _ = Assert.Single(results, result => result.Outcome == ResearchOutcome.Researched);
        Assert.Equal(299, results.Count(result => result.Outcome == ResearchOutcome.WaitedForOther && result.Entry.Content == "found" && result.Saved));
        Assert.Equal(300, results.Select(result => result.Entry).Distinct(ReferenceEqualityComparer.Instance).Count());
        _ = Assert.Single(await Cache.GetHistoryAsync("shared").ToListAsync());
    }

    [Fact]
    public async Task Two_hosts_share_one_research()
    {
        await using var other = HostServices.Over(postgres.ConnectionString + ";Application Name=two hosts");
        var release = new TaskCompletionSource();
        var first = Cache.GetOrResearchAsync("two hosts", Research("found", release.Task)).AsTask();
        await UntilAsync(() => _calls == 1);
        var second = other.Research.GetOrResearchAsync("two hosts", Research("never")).AsTask();
        await UntilAsync(() => Sql.ScalarAsync<bool>(
            postgres.ConnectionString, "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE application_name = 'two hosts' AND query LIKE '%try_advisory%')"));
        Assert.False(second.IsCompleted);
        release.SetResult();
        Assert.Equal(ResearchOutcome.Researched, (await first).Outcome);
        var waited = await second;
        Assert.Equal((ResearchOutcome.WaitedForOther, "found", MissReason.Absent), (waited.Outcome, waited.Entry.Content, waited.MissReason));
        Assert.Equal(1, _calls);
    }

    [Fact]
    public async Task Failed_research_hands_over_to_the_next_host()
    {
        await using var other = HostServices.Over(postgres.ConnectionString);
        var release = new TaskCompletionSource();
        var first = Cache.GetOrResearchAsync("failing", async (_, _) =>
        {
            _ = Interlocked.Increment(ref _calls);
            await release.Task;
            throw new InvalidOperationException("quota");
        }).AsTask();
        await UntilAsync(() => _calls == 1);
        var second = other.Research.GetOrResearchAsync("failing", Research("found")).AsTask();
        release.SetResult();
        Assert.Equal("quota", (await Assert.ThrowsAsync<InvalidOperationException>(() => first)).Message);
        Assert.Equal(ResearchOutcome.Researched, (await second).Outcome);
        Assert.Equal(0L, await LocksAsync());
    }

    [Fact]
    public async Task One_callers_cancellation_never_cancels_the_others()
    {
        var release = new TaskCompletionSource();
        using var impatient = new CancellationTokenSource();
        var first = Cache.GetOrResearchAsync("cancelled", Research("found", release.Task), cancellationToken: impatient.Token).AsTask();
        await UntilAsync(() => _calls == 1);
        var second = Cache.GetOrResearchAsync("cancelled", Research("never")).AsTask();
        await Task.Delay(100);
        await impatient.CancelAsync();
        _ = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        release.SetResult();
        Assert.Equal("found", (await second).Entry.Content);
        Assert.Equal(1, _calls);
    }

    [Fact]
    public async Task Research_that_nobody_waits_for_is_cancelled_and_leaves_no_lock()
    {
        using var caller = new CancellationTokenSource();
        var cancelled = new TaskCompletionSource();
        var call = Cache.GetOrResearchAsync("abandoned", async (context, token) =>
        {
            _ = Interlocked.Increment(ref _calls);
            await using var registration = token.Register(() => cancelled.SetResult());
            await Task.Delay(Timeout.Infinite, token);
            return "never";
        }, cancellationToken: caller.Token).AsTask();
        await UntilAsync(() => _calls == 1);
        await caller.CancelAsync();
        _ = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        await cancelled.Task.WaitAsync(TimeSpan.FromSeconds(10));
        await UntilAsync(async () => await LocksAsync() == 0);
        Assert.Equal(ResearchOutcome.Researched, (await Cache.GetOrResearchAsync("abandoned", Research("found"))).Outcome);
    }

    [Fact]
    public async Task Result_that_is_not_to_be_stored_is_shared_in_the_process_only()
    {
        var result = await Cache.GetOrResearchAsync("private", (context, _) =>
        {
            context.DoNotSave = true;
            return Task.FromResult("secret");
        });
        Assert.Equal((ResearchOutcome.Researched, false, Guid.Empty, null, "secret"), (result.Outcome, result.Saved, result.Entry.Id, result.Entry.CreatedAt, result.Entry.Content));
        Assert.Null(await Cache.GetLatestAsync("private"));
    }

    [Fact]
    public async Task Result_whose_write_failed_is_returned_with_the_error()
    {
        var connectionString = await PostgresFixture.CreateDatabaseAsync();
        await Sql.ExecuteAsync(connectionString, "ALTER TABLE public.research_cache ADD CONSTRAINT refuse CHECK (content <> 'refused')");
        await using var sdk = HostServices.Over(connectionString);
        var result = await sdk.Research.GetOrResearchAsync("refused", Research("refused"));
        Assert.Equal((ResearchOutcome.Researched, false, Guid.Empty, "refused"), (result.Outcome, result.Saved, result.Entry.Id, result.Entry.Content));
        Assert.Equal("23514", Assert.IsType<Npgsql.PostgresException>(result.SaveError).SqlState);
        var unstorable = await sdk.Research.GetOrResearchAsync("unstorable", Research("a\0b"));
        _ = Assert.IsType<ArgumentException>(unstorable.SaveError);
    }

    [Fact]
    public async Task Forced_refreshes_are_not_satisfied_by_research_that_began_before()
    {
        var release = new TaskCompletionSource();
        var early = Cache.GetOrResearchAsync("forced twice", Research("early", release.Task)).AsTask();
        await UntilAsync(() => _calls == 1);
        var forced = Enumerable.Range(0, 20).Select(_ => Cache.GetOrResearchAsync("forced twice", Research("late"), Forced).AsTask()).ToList();
        await Task.Delay(100);
        release.SetResult();
        Assert.Equal("early", (await early).Entry.Content);
        Assert.All(await Task.WhenAll(forced), result => Assert.Equal(("late", MissReason.Forced), (result.Entry.Content, result.MissReason)));
        Assert.Equal(2, _calls); // the twenty joined one
    }

    [Fact]
    public async Task Research_that_asks_for_its_own_topic_is_told_so()
    {
        var error = await Assert.ThrowsAsync<InvalidOperationException>(async () => await Cache.GetOrResearchAsync(
            "self", async (_, token) => (await Cache.GetOrResearchAsync("self", Research("x"), cancellationToken: token)).Entry.Content!));
        Assert.Contains("itself", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nested_research_of_other_topics_works()
    {
        var result = await Cache.GetOrResearchAsync(
            "outer", async (_, token) => "outer of " + (await Cache.GetOrResearchAsync("inner", Research("inner"), cancellationToken: token)).Entry.Content);
        Assert.Equal("outer of inner", result.Entry.Content);
        Assert.Equal("inner", (await Cache.GetFreshAsync("inner"))!.Content);
    }

    [Fact]
    public async Task Options_out_of_range_are_refused()
    {
        foreach (var options in new ResearchOptions[]
        {
            new() { MaxAge = TimeSpan.Zero }, new() { ServeStaleFor = TimeSpan.FromTicks(-1) }, new() { SoftTimeout = TimeSpan.FromTicks(-1) },
            new() { LockWait = TimeSpan.FromTicks(-1) }, new() { EagerRefreshAt = 0 }, new() { EagerRefreshAt = 1 }, new() { EagerRefreshAt = double.NaN },
        })
        {
            _ = await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await Cache.GetOrResearchAsync("options", Research("x"), options));
        }

        _ = await Assert.ThrowsAsync<ArgumentNullException>(async () => await Cache.GetOrResearchAsync("options", null!));
        _ = await Cache.GetOrResearchAsync("options", Research("x"), new ResearchOptions
        {
            MaxAge = TimeSpan.MaxValue,
            ServeStaleFor = TimeSpan.MaxValue,
            SoftTimeout = TimeSpan.MaxValue,
            LockWait = TimeSpan.MaxValue,
            EagerRefreshAt = 0.5,
        });
    }

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        for (var tries = 0; !await condition(); tries++)
        {
            Assert.True(tries < 500, "The condition did not come true.");
            await Task.Delay(20);
        }
    }

    private static Task UntilAsync(Func<bool> condition) => UntilAsync(() => Task.FromResult(condition()));

    private Func<ResearchContext, CancellationToken, Task<string>> Research(string content, Task? until = null) => async (_, _) =>
    {
        _ = Interlocked.Increment(ref _calls);
        await (until ?? Task.CompletedTask);
        return content;
    };

    private Task InsertAsync(string topic, string content, string age) => Sql.ExecuteAsync(
        postgres.ConnectionString, $"INSERT INTO public.research_cache (topic, content, created_at) VALUES ($1, $2, now() - interval '{age}')", topic, content);

    private Task<long> LocksAsync() => Sql.ScalarAsync<long>(
        postgres.ConnectionString, "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())");
}
