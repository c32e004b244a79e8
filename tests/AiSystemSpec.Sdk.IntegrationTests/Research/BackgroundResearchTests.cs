using System.Collections.Concurrent;
using System.Diagnostics;
using AiSystemSpec.Sdk.IntegrationTests.Infrastructure;
using Microsoft.Extensions.DependencyInjection;

namespace AiSystemSpec.Sdk.IntegrationTests.Research;

/// <summary>What goes on when no caller waits: it must not cost without end, and belongs to no caller's activity or stage.</summary>
public sealed class BackgroundResearchTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private static readonly ResearchOptions Eager = new() { EagerRefreshAt = 0.8 };
    private static readonly ResearchOptions Impatient = new() { ServeStaleFor = TimeSpan.FromDays(1), SoftTimeout = TimeSpan.FromMilliseconds(1) };

    private readonly LateClock _clock = new();
    private readonly WarningLog _log = new();
    private ServiceProvider _services = null!;
    private int _calls;

    private IResearchCache Cache => _services.GetRequiredService<IResearchCache>();

    public Task InitializeAsync()
    {
        _services = _log.Services().AddSingleton<TimeProvider>(_clock).AddAiSystemSpec(postgres.ConnectionString).BuildServiceProvider();
        return Task.CompletedTask;
    }

    public async Task DisposeAsync() => await _services.DisposeAsync();

    public static TheoryData<string> Failures { get; } = ["throws", "is empty", "reaches its own time limit", "is not to be stored", "cannot be stored"];

    [Theory]
    [MemberData(nameof(Failures))]
    public async Task Eager_refresh_that_fails_is_tried_again_after_pauses_that_grow(string failure)
    {
        await InsertAsync(failure, "6 days");
        foreach (var pause in new[] { 5, 10, 20 })
        {
            var before = _calls;
            await Until.TrueAsync(async () =>
            {
                _clock.Advance(TimeSpan.FromSeconds(0.1)); // the pause began when the research had ended, and that is not to be seen
                await HitAsync(failure);
                return _calls == before + 1;
            });
            await HitAsync(failure);
            _clock.Advance(TimeSpan.FromSeconds(pause - 0.5));
            await HitAsync(failure);
            Assert.Equal(before + 1, _calls);
        }
    }

    [Fact]
    public async Task Eager_refresh_that_succeeds_ends_the_pauses()
    {
        await InsertAsync("recovers", "6 days");
        await HitAsync("recovers", fails: true);
        await Until.TrueAsync(() => _log.Of(1005).Count == 1);
        _clock.Advance(TimeSpan.FromSeconds(5));
        await HitAsync("recovers", fails: false);
        await Until.TrueAsync(async () => (await Cache.GetFreshAsync("recovers"))!.Content == "new");
        await Sql.ExecuteAsync(postgres.ConnectionString, "UPDATE public.research_cache SET created_at = created_at - interval '6 days' WHERE topic = 'recovers'");
        await HitAsync("recovers", fails: true);
        await Until.TrueAsync(() => _log.Of(1005).Count == 2);
        _clock.Advance(TimeSpan.FromSeconds(5)); // the first pause again
        await HitAsync("recovers", fails: true);
        await Until.TrueAsync(() => _log.Of(1005).Count == 3);
    }

    [Fact]
    public async Task Research_that_failed_behind_a_soft_timeout_is_not_paid_again_by_those_who_would_not_wait()
    {
        await InsertAsync("soft", "7 days 1 hour");
        var release = new TaskCompletionSource();
        var first = await Cache.GetOrResearchAsync("soft", FailAfter(release.Task), Impatient);
        Assert.Equal(ResearchOutcome.StaleOnTimeout, first.Outcome);
        release.SetResult();
        await Until.TrueAsync(() => _log.Of(1005).Count == 1);
        for (var i = 0; i < 10; i++)
        {
            var next = await Cache.GetOrResearchAsync("soft", FailAfter(Task.CompletedTask), Impatient);
            Assert.Equal((ResearchOutcome.StaleOnError, "old", "quota"), (next.Outcome, next.Entry.Content, next.RefreshError?.Message));
        }

        Assert.Equal(1, _calls);
        var forced = await Cache.GetOrResearchAsync("soft", FailAfter(Task.CompletedTask), Impatient with { ForceRefresh = true, SoftTimeout = null });
        Assert.Equal((ResearchOutcome.StaleOnError, 2), (forced.Outcome, _calls));
        var patient = await Cache.GetOrResearchAsync("soft", (_, _) => Task.FromResult("new"), Impatient with { SoftTimeout = null });
        Assert.Equal((ResearchOutcome.Researched, "new"), (patient.Outcome, patient.Entry.Content));
    }

    [Fact]
    public async Task Eager_refresh_has_an_activity_of_its_own_and_is_no_part_of_the_callers_stage()
    {
        await InsertAsync("traced", "6 days");
        var stopped = new ConcurrentQueue<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == AiSystemSpecTelemetry.ActivitySourceName,
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = stopped.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        var runs = _services.GetRequiredService<IRunLogger>();
        var seen = new TaskCompletionSource<(string? Activity, ActivityTraceId Trace)>();
        ActivityTraceId callers;
        using (var stage = runs.BeginStage("run", "research"))
        {
            callers = Activity.Current!.TraceId;
            _ = await Cache.GetOrResearchAsync(
                "traced",
                async (_, _) =>
                {
                    var activity = Activity.Current;
                    _ = await Cache.GetOrResearchAsync("beside", (_, _) => Task.FromResult("x"), cancellationToken: CancellationToken.None); // paid, but not by the stage
                    seen.SetResult((activity?.OperationName, activity?.TraceId ?? default));
                    return "new";
                },
                Eager);
            _ = await seen.Task.WaitAsync(TimeSpan.FromSeconds(30));
            Assert.True(stage.CacheHit);
            stage.Complete();
        }

        var (name, trace) = await seen.Task;
        Assert.Equal("aisystemspec.research.refresh", name);
        Assert.NotEqual(callers, trace);
        await Until.TrueAsync(() => stopped.Any(activity => activity.TraceId == trace && activity.OperationName == name));
        var refresh = stopped.Single(activity => activity.TraceId == trace && activity.OperationName == name);
        Assert.Null(refresh.Parent);
        Assert.Equal(callers, Assert.Single(refresh.Links).Context.TraceId);
    }

    private async Task HitAsync(string topic, bool fails = true)
    {
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(ResearchOutcome.Hit, (await Cache.GetOrResearchAsync(topic, fails ? Fail(topic) : (_, _) => Task.FromResult("new"), Eager)).Outcome);
        }
    }

    private Func<ResearchContext, CancellationToken, Task<string>> FailAfter(Task task) => async (_, _) =>
    {
        _ = Interlocked.Increment(ref _calls);
        await task;
        throw new InvalidOperationException("quota");
    };

    private Func<ResearchContext, CancellationToken, Task<string>> Fail(string failure) => (context, token) =>
    {
        _ = Interlocked.Increment(ref _calls);
        switch (failure)
        {
            case "is empty":
                return Task.FromResult(" ");
            case "reaches its own time limit":
                throw new TaskCanceledException("The request was canceled due to the configured timeout.");
            case "is not to be stored":
                context.DoNotSave = true;
                return Task.FromResult("new");
            case "cannot be stored":
                return Task.FromResult("a\0b");
            default:
                throw new InvalidOperationException("quota");
        }
    };

    private Task InsertAsync(string topic, string age) => Sql.ExecuteAsync(
        postgres.ConnectionString, $"INSERT INTO public.research_cache (topic, content, created_at) VALUES ($1, 'old', now() - interval '{age}')", topic);

    /// <summary>Stands still but for being set forward: what a busy machine takes does not count.</summary>
    private sealed class LateClock : TimeProvider
    {
        private long _now;

        public void Advance(TimeSpan time) => _ = Interlocked.Add(ref _now, (long)(time.TotalSeconds * TimestampFrequency));

        public override long GetTimestamp() => Interlocked.Read(ref _now);
    }
}
