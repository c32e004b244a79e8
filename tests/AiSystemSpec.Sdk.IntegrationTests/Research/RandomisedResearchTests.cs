using System.Collections.Concurrent;
using AiSystemSpec.Sdk.IntegrationTests.Infrastructure;
using Microsoft.Extensions.DependencyInjection;
using Xunit.Abstractions;

namespace AiSystemSpec.Sdk.IntegrationTests.Research;

/// <summary>
/// Several hosts, whose clocks disagree, do random things to few topics: failures, cancellations, forced refreshes, removals. Whatever
/// the order, no answer is older than asked for, no topic is researched twice at once, nothing is stored twice, and nothing is left
/// behind.
/// </summary>
public sealed class RandomisedResearchTests(PostgresFixture postgres, ITestOutputHelper output) : IClassFixture<PostgresFixture>
{
    private static readonly string[] Topics = ["α", "β", "γ"];

    private readonly ConcurrentDictionary<string, int> _running = new(StringComparer.Ordinal);
    private readonly ConcurrentBag<string> _violations = [];
    private readonly ConcurrentBag<string> _stored = [];
    private readonly ConcurrentDictionary<ResearchOutcome, int> _outcomes = new();

    [Fact]
    public Task Invariants_hold_in_any_order() => RunAsync(rounds: 1, operations: 40);

    [Fact]
    [Trait("Category", "Long")]
    public Task Invariants_hold_in_any_order_for_long() => RunAsync(Trials.Count(few: 1, full: 25), operations: 100);

    private async Task RunAsync(int rounds, int operations)
    {
        output.WriteLine(postgres.Server.Source);
        var first = RandomSeed.Take(output.WriteLine);
        for (var round = 0; round < rounds; round++)
        {
            var connectionString = await PostgresFixture.CreateDatabaseAsync();
            var seed = unchecked(first + round);
            var hosts = new[] { -3, 0, 5 }.Select(hours => Start(connectionString, TimeSpan.FromHours(hours))).ToList();
            await Task.WhenAll(Enumerable.Range(0, 24).Select(worker => Task.Run(
                () => WorkAsync(hosts[worker % hosts.Count].GetRequiredService<IResearchCache>(), new Random(seed + (worker * 7919)), operations))));
            foreach (var host in hosts)
            {
                await host.DisposeAsync();
            }

            Assert.Empty(_violations);
            await ThrowIfLeftBehindAsync(connectionString);
        }

        output.WriteLine(string.Join(", ", _outcomes.OrderBy(pair => pair.Key).Select(pair => $"{pair.Key} {pair.Value}")));
        Assert.True(_outcomes.Count >= 4, "The rounds did not come across enough outcomes to mean something.");
    }

    private static ServiceProvider Start(string connectionString, TimeSpan clockOffset) => new ServiceCollection()
        .AddSingleton<TimeProvider>(new ShiftedClock(clockOffset))
        .AddAiSystemSpec(connectionString + ";Maximum Pool Size=20;Application Name=randomised", options => options.LockWait = TimeSpan.FromMinutes(2))
        .BuildServiceProvider();

    private async Task WorkAsync(IResearchCache cache, Random random, int operations)
    {
        for (var i = 0; i < operations; i++)
        {
            var topic = Topics[random.Next(Topics.Length)];
            switch (random.Next(20))
            {
                case 0:
                    _ = await cache.RemoveAsync(topic);
                    break;
                case 1:
                    var text = Guid.NewGuid().ToString();
                    _ = await cache.SaveAsync(topic, text);
                    _stored.Add(text);
                    break;
                default:
                    await AskAsync(cache, topic, random);
                    break;
            }
        }
    }

    private async Task AskAsync(IResearchCache cache, string topic, Random random)
    {
        var options = new ResearchOptions
        {
            MaxAge = TimeSpan.FromMilliseconds(random.Next(1, 400)),
            ForceRefresh = random.Next(10) == 0,
            ServeStaleFor = random.Next(3) == 0 ? TimeSpan.FromSeconds(1) : null,
            SoftTimeout = random.Next(3) == 0 ? TimeSpan.FromMilliseconds(random.Next(50)) : null,
            EagerRefreshAt = random.Next(5) == 0 ? 0.5 : null,
        };
        var (duration, fails) = (random.Next(40), random.Next(8) == 0);
        using var cancellation = new CancellationTokenSource(random.Next(6) == 0 ? random.Next(60) : Timeout.Infinite);
        try
        {
            Judge(await cache.GetOrResearchAsync(topic, (context, token) => ResearchAsync(context.Topic, duration, fails, token), options, cancellation.Token), options);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
        }
        catch (TimeoutException)
        {
        }
    }

    private void Judge(ResearchResult result, ResearchOptions options)
    {
        _ = _outcomes.AddOrUpdate(result.Outcome, 1, (_, count) => count + 1);
        var limit = result.Outcome is ResearchOutcome.StaleOnError or ResearchOutcome.StaleOnTimeout
            ? options.MaxAge!.Value + options.ServeStaleFor!.Value
            : options.MaxAge!.Value;
        if (result.Age >= limit)
        {
            _violations.Add($"{result.Outcome} is {result.Age} old, asked for {limit}");
        }

        if (options.ForceRefresh && result.Outcome is ResearchOutcome.Hit)
        {
            _violations.Add("a forced refresh was a hit");
        }

        if (result.SaveError is not null || !result.Saved)
        {
            _violations.Add($"not stored: {result.SaveError}");
        }
    }

    private async Task<string> ResearchAsync(string topic, int duration, bool fails, CancellationToken cancellationToken)
    {
        if (_running.AddOrUpdate(topic, 1, (_, count) => count + 1) != 1)
        {
            _violations.Add("a topic was researched twice at once");
        }

        try
        {
            await Task.Delay(duration, cancellationToken);
            var text = fails ? throw new TimeoutException("the model did not answer") : Guid.NewGuid().ToString();
            _stored.Add(text);
            return text;
        }
        finally
        {
            _ = _running.AddOrUpdate(topic, 0, (_, count) => count - 1);
        }
    }

    private async Task ThrowIfLeftBehindAsync(string connectionString)
    {
        Assert.Equal(0L, await Sql.ScalarAsync<long>(connectionString, "SELECT count(*) FROM (SELECT FROM public.research_cache GROUP BY content HAVING count(*) > 1) AS twice"));
        var known = _stored.ToArray();
        Assert.Equal(0L, await Sql.ScalarAsync<long>(connectionString, "SELECT count(*) FROM public.research_cache WHERE content <> ALL ($1)", [known]));
        for (var tries = 0; await Sql.ScalarAsync<long>(connectionString, "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'randomised'") > 0; tries++)
        {
            Assert.True(tries < 100, "Connections were left open.");
            await Task.Delay(20);
        }
    }

    /// <summary>A host's clock that is wrong: freshness must not depend on it.</summary>
    private sealed class ShiftedClock(TimeSpan offset) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + offset;
    }
}
