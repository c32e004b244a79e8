using System.Collections.Concurrent;
using System.Diagnostics;
using AiSystemSpec.Sdk.IntegrationTests.Infrastructure;

namespace AiSystemSpec.Sdk.IntegrationTests.Runs;

/// <summary>The only class here that listens to activities: listeners are the process', and one of the tests wants none.</summary>
public sealed class StageActivityTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private readonly HostServices _sdk = HostServices.Over(postgres.ConnectionString);
    private readonly string _run = $"run-{Guid.NewGuid():N}";
    private readonly ConcurrentQueue<Activity> _ended = [];

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _sdk.DisposeAsync();

    [Fact]
    public void Scopes_within_scopes_nest_their_activities()
    {
        using var listener = Listen();
        using (_sdk.Runs.BeginStage(_run, "outer"))
        {
            var outer = Activity.Current;
            using (_sdk.Runs.BeginStage(_run, "first"))
            {
                Assert.Equal("stage first", Activity.Current!.OperationName);
            }

            Assert.Same(outer, Activity.Current);
            using (_sdk.Runs.BeginStage(_run, "second"))
            {
                using var third = _sdk.Runs.BeginStage(_run, "third");
            }
        }

        Assert.Null(Activity.Current);
        Assert.Equal(["stage outer", "stage outer", "stage second"], new[] { "first", "second", "third" }.Select(stage => Ended(stage).Parent!.OperationName));
        Assert.Equal([Ended("outer").TraceId], _ended.Select(activity => activity.TraceId).Distinct());
    }

    [Fact]
    public async Task Stages_of_one_run_are_one_trace_whichever_host_works_at_it()
    {
        using var listener = Listen();
        await using var other = HostServices.Over(postgres.ConnectionString);
        _sdk.Runs.BeginStage(_run, "here").Dispose();
        _ = await other.Runs.RunStageAsync(_run, "there", (_, _) => Task.FromResult(0));
        other.Runs.BeginStage(_run + "x", "another").Dispose();
        Assert.Equal(Ended("here").TraceId, Ended("there").TraceId);
        Assert.Equal(Ended("here").ParentSpanId, Ended("there").ParentSpanId);
        Assert.NotEqual(Ended("here").TraceId, Ended("another").TraceId);
    }

    [Fact]
    public void Stage_within_the_callers_activity_belongs_to_the_callers_trace()
    {
        using var listener = Listen();
        using var caller = new Activity("caller").Start();
        _sdk.Runs.BeginStage(_run, "s").Dispose();
        Assert.Equal((caller.TraceId, caller.SpanId), (Ended("s").TraceId, Ended("s").ParentSpanId));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Attempts_of_a_stage_are_activities_side_by_side(bool isPiped)
    {
        using var listener = Listen();
        using (_sdk.Runs.BeginStage(_run, "outer"))
        {
            _ = await _sdk.Runs.RunStageAsync(
                _run,
                "s",
                (scope, _) => scope.Attempt < 3 ? throw new TimeoutException("no") : Task.FromResult(0),
                new StageOptions { MaxAttempts = 3, Delay = _ => TimeSpan.Zero, Resilience = isPiped ? TryThriceAsync : null });
            Assert.Equal("stage outer", Activity.Current!.OperationName);
        }

        var attempts = _ended.Where(activity => string.Equals(activity.OperationName, "stage s", StringComparison.Ordinal)).ToList();
        Assert.Equal([1, 2, 3], attempts.Select(activity => (int)activity.GetTagItem("aisystemspec.attempt")!));
        Assert.Equal([ActivityStatusCode.Error, ActivityStatusCode.Error, ActivityStatusCode.Unset], attempts.Select(activity => activity.Status));
        Assert.All(attempts, activity => Assert.Equal(Ended("outer").SpanId, activity.ParentSpanId));
    }

    [Fact]
    public async Task Stage_without_listeners_starts_no_activity()
    {
        using (_sdk.Runs.BeginStage(_run, "s"))
        {
            Assert.Null(Activity.Current);
        }

        Assert.Null(await _sdk.Runs.RunStageAsync(_run, "s", (_, _) => Task.FromResult(Activity.Current)));
        using var caller = new Activity("caller").Start();
        using (_sdk.Runs.BeginStage(_run, "s"))
        {
            Assert.Same(caller, Activity.Current);
        }
    }

    private static async ValueTask TryThriceAsync(Func<CancellationToken, ValueTask> attempt, CancellationToken cancellationToken)
    {
        for (var at = 1; ; at++)
        {
            try
            {
                await attempt(cancellationToken);
                return;
            }
            catch (TimeoutException) when (at < 3)
            {
                // Tried again.
            }
        }
    }

    private ActivityListener Listen()
    {
        var listener = new ActivityListener
        {
            ShouldListenTo = static source => string.Equals(source.Name, AiSystemSpecTelemetry.ActivitySourceName, StringComparison.Ordinal),
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity =>
            {
                if (activity.GetTagItem("aisystemspec.run_id") is string run && run.StartsWith(_run, StringComparison.Ordinal))
                {
                    _ended.Enqueue(activity);
                }
            },
        };
        ActivitySource.AddActivityListener(listener);
        return listener;
    }

    private Activity Ended(string stage) =>
        Assert.Single(_ended, activity => string.Equals(activity.OperationName, $"stage {stage}", StringComparison.Ordinal));
}
