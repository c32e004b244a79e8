using System.Collections.Concurrent;
using System.Text.Json.Serialization;
using AiSystemSpec.Sdk.IntegrationTests.Infrastructure;
using Xunit.Abstractions;

namespace AiSystemSpec.Sdk.IntegrationTests.Research;

/// <summary>
/// Researches that need each other's topics: a circle of waits is refused, however it is closed, and anything else goes through.
/// </summary>
public sealed partial class WaitCircleTests(PostgresFixture postgres, ITestOutputHelper output) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private static readonly TimeSpan Never = TimeSpan.FromSeconds(60);

    private readonly HostServices _sdk = HostServices.Over(postgres.ConnectionString);
    private readonly ConcurrentDictionary<string, int> _paid = new(StringComparer.Ordinal);

    private IResearchCache Cache => _sdk.Research;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _sdk.DisposeAsync();

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(7)]
    public async Task Callers_whose_topics_need_each_other_are_told_and_nobody_pays_twice(int length)
    {
        var barrier = new AllThere(length);
        var calls = Enumerable.Range(0, length).SelectMany(i => Enumerable.Repeat(i, 3)) // the others join
            .Select(i => AskAsync($"circle {length} {i}", barrier, (topic, token) => AskAsync($"circle {length} {(i + 1) % length}", barrier, null, token))).ToList();
        foreach (var call in calls)
        {
            _ = await Assert.ThrowsAsync<InvalidOperationException>(() => call.WaitAsync(Never));
        }

        Assert.Equal(length, _paid.Count);
        Assert.All(_paid, topic => Assert.Equal(1, topic.Value));
        Assert.Equal(ResearchOutcome.Researched, (await Cache.GetOrResearchAsync($"circle {length} 0", (_, _) => Task.FromResult("found"))).Outcome);
    }

    [Fact]
    public async Task Circle_through_typed_content_and_a_second_database_is_told()
    {
        await using var other = HostServices.Over(await PostgresFixture.CreateDatabaseAsync());
        var barrier = new AllThere(2);
        var first = AskAsync("typed", barrier, async (_, token) => (await other.Research.GetOrResearchAsync("there", (_, _) => Task.FromResult(new Answer("x")), Json.Default.Answer, cancellationToken: token)).Value.Text);
        var second = other.Research.GetOrResearchAsync(
            "there",
            async (_, token) =>
            {
                await barrier.ArriveAsync();
                return new Answer(await AskAsync("typed", barrier, null, token));
            },
            Json.Default.Answer).AsTask();
        _ = await Assert.ThrowsAsync<InvalidOperationException>(() => first.WaitAsync(Never));
        _ = await Assert.ThrowsAsync<InvalidOperationException>(() => second.WaitAsync(Never));
    }

    [Fact]
    public async Task Second_cache_of_the_same_database_does_not_hide_the_circle()
    {
        await using var other = HostServices.Over(postgres.ConnectionString);
        var call = AskAsync("two caches", null, async (topic, token) => (await other.Research.GetOrResearchAsync(topic, Refuse, cancellationToken: token)).Entry.Content!);
        _ = await Assert.ThrowsAsync<InvalidOperationException>(() => call.WaitAsync(Never));
    }

    [Fact]
    public async Task Forced_refresh_of_the_own_topic_is_told()
    {
        var call = AskAsync("forced", null, async (topic, token) => (await Cache.GetOrResearchAsync(topic, Refuse, new ResearchOptions { ForceRefresh = true }, token)).Entry.Content!);
        _ = await Assert.ThrowsAsync<InvalidOperationException>(() => call.WaitAsync(Never));
    }

    [Fact]
    public async Task Worker_without_the_execution_context_that_passes_the_token_on_is_told()
    {
        var call = AskAsync("worker", null, (topic, token) => OnThreadAsync(async () => (await Cache.GetOrResearchAsync(topic, Refuse, cancellationToken: token)).Entry.Content!));
        _ = await Assert.ThrowsAsync<InvalidOperationException>(() => call.WaitAsync(Never));
    }

    [Fact]
    public async Task Worker_that_cannot_be_known_ends_and_is_not_paid_for_ever()
    {
        var options = new ResearchOptions { LockWait = TimeSpan.FromMilliseconds(200) };
        Task<string> ResearchAsync(ResearchContext context, CancellationToken cancellationToken)
        {
            _ = _paid.AddOrUpdate(context.Topic, 1, (_, count) => count + 1);
            return OnThreadAsync(async () => (await Cache.GetOrResearchAsync(context.Topic, ResearchAsync, options, CancellationToken.None)).Entry.Content!);
        }

        var call = Cache.GetOrResearchAsync("unknown worker", ResearchAsync, options).AsTask();
        var error = await Assert.ThrowsAsync<TimeoutException>(() => call.WaitAsync(Never));
        Assert.Contains("execution context", error.Message, StringComparison.Ordinal);
        Assert.Equal(3, _paid["unknown worker"]);
    }

    [Fact]
    public async Task Refresh_in_the_background_may_ask_for_the_topic_of_who_caused_it()
    {
        await Sql.ExecuteAsync(postgres.ConnectionString, "INSERT INTO public.research_cache (topic, content, created_at) VALUES ('due', 'old', now() - interval '6 days')");
        var refreshed = new TaskCompletionSource<string>();
        var result = await AskAsync("causes", null, async (topic, token) =>
        {
            var hit = await Cache.GetOrResearchAsync(
                "due",
                async (_, _) =>
                {
                    refreshed.SetResult((await Cache.GetOrResearchAsync(topic, Refuse, cancellationToken: CancellationToken.None)).Entry.Content!);
                    return "new";
                },
                new ResearchOptions { EagerRefreshAt = 0.8 },
                token);
            return hit.Entry.Content + "!";
        }).WaitAsync(Never);
        Assert.Equal("old!", result);
        Assert.Equal("old!", await refreshed.Task.WaitAsync(Never));
    }

    [Fact]
    public async Task Topics_that_need_each_other_without_a_circle_are_all_found_and_paid_once()
    {
        var random = new Random(RandomSeed.Take(output.WriteLine));
        const int Topics = 12;
        var needs = Enumerable.Range(0, Topics).Select(i => Enumerable.Range(0, i).Where(_ => random.Next(3) == 0).ToArray()).ToArray();
        Task<string> FindAsync(int i, CancellationToken cancellationToken) => AskAsync($"needs {i}", null, async (_, token) =>
            $"{i}({string.Join(',', await Task.WhenAll(needs[i].Select(next => FindAsync(next, token))))})", cancellationToken);
        var calls = Enumerable.Range(0, Topics * 3).OrderBy(_ => random.Next()).Select(i => Task.Run(() => FindAsync(i % Topics, default))).ToList();
        _ = await Task.WhenAll(calls).WaitAsync(Never);
        Assert.Equal(Topics, _paid.Count);
        Assert.All(_paid, topic => Assert.Equal(1, topic.Value));
    }

    [Fact]
    public async Task Topics_that_need_each_other_in_any_way_never_hang()
    {
        var random = new Random(RandomSeed.Take(output.WriteLine));
        for (var round = 0; round < Trials.Count(few: 3, full: 100); round++)
        {
            const int Topics = 8;
            var name = $"any {round}";
            var needs = Enumerable.Range(0, Topics).Select(_ => Enumerable.Range(0, Topics).Where(_ => random.Next(6) == 0).ToArray()).ToArray();
            Task<string> FindAsync(int i, CancellationToken cancellationToken) => AskAsync($"{name} {i}", null, async (_, token) =>
                $"{i}({string.Join(',', await Task.WhenAll(needs[i].Select(next => FindAsync(next, token))))})", cancellationToken);
            var calls = Enumerable.Range(0, Topics).Select(i => Task.Run(() => FindAsync(i, default))).ToList();
            await Task.WhenAll(calls.Select(call => call.ContinueWith(_ => { }, TaskScheduler.Default))).WaitAsync(Never);
            Assert.All(calls, call => Assert.True(call.IsCompletedSuccessfully || call.Exception?.InnerException is InvalidOperationException, $"{call.Exception}"));
            var first = Enumerable.Range(0, Topics).FirstOrDefault(i => !ReachesCircle(i, needs, []), -1);
            Assert.True(first < 0 || calls[first].IsCompletedSuccessfully, "A topic that reaches no circle was refused.");
        }
    }

    private static bool ReachesCircle(int topic, int[][] needs, HashSet<int> path)
    {
        if (!path.Add(topic))
        {
            return true;
        }

        var reaches = needs[topic].Any(next => ReachesCircle(next, needs, path));
        _ = path.Remove(topic);
        return reaches;
    }

    private static Task<string> OnThreadAsync(Func<Task<string>> work)
    {
        var done = new TaskCompletionSource<string>();
        new Thread(() =>
        {
            try
            {
                done.SetResult(work().GetAwaiter().GetResult());
            }
            catch (Exception exception)
            {
                done.SetException(exception);
            }
        }).UnsafeStart(); // without the execution context
        return done.Task;
    }

    private static Task<string> Refuse(ResearchContext context, CancellationToken cancellationToken) =>
        throw new NotSupportedException("Nobody should research this.");

    private async Task<string> AskAsync(
        string topic, AllThere? barrier, Func<string, CancellationToken, Task<string>>? then, CancellationToken cancellationToken = default)
    {
        var result = await Cache.GetOrResearchAsync(
            topic,
            async (context, token) =>
            {
                _ = _paid.AddOrUpdate(context.Topic, 1, (_, count) => count + 1);
                await (barrier?.ArriveAsync() ?? Task.CompletedTask);
                return then is null ? "found" : await then(context.Topic, token);
            },
            cancellationToken: cancellationToken);
        return result.Entry.Content!;
    }

    /// <summary>Lets all go on when all are there.</summary>
    private sealed class AllThere(int count)
    {
        private readonly TaskCompletionSource _all = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _arrived;

        public Task ArriveAsync()
        {
            if (Interlocked.Increment(ref _arrived) == count)
            {
                _all.SetResult();
            }

            return _all.Task;
        }
    }

    internal sealed record Answer(string Text);

    [JsonSerializable(typeof(Answer))]
    private sealed partial class Json : JsonSerializerContext;
}
