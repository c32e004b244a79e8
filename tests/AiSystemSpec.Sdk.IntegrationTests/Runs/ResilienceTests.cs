using AiSystemSpec.Sdk.IntegrationTests.Infrastructure;
using Polly;
using Polly.Retry;

namespace AiSystemSpec.Sdk.IntegrationTests.Runs;

/// <summary>A stage whose retries are Polly's.</summary>
public sealed class ResilienceTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private readonly HostServices _sdk = HostServices.Over(postgres.ConnectionString);
    private readonly string _run = $"run-{Guid.NewGuid():N}";

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _sdk.DisposeAsync();

    [Fact]
    public async Task RunStageAsync_retried_by_Polly_writes_a_row_for_each_attempt()
    {
        var result = await _sdk.Runs.RunStageAsync(
            _run,
            "script",
            (scope, _) => scope.Attempt < 3 ? throw new TimeoutException($"no {scope.Attempt}") : Task.FromResult("done"),
            With(Retries(2)));
        Assert.Equal("done", result);
        Assert.Equal(
            [(1, "retry", "System.TimeoutException: no 1"), (2, "retry", "System.TimeoutException: no 2"), (3, "success", null)],
            await RowsAsync());
    }

    [Fact]
    public async Task RunStageAsync_given_up_by_Polly_rethrows_and_ends_with_failure()
    {
        var thrown = await Assert.ThrowsAsync<TimeoutException>(() => _sdk.Runs.RunStageAsync<int>(
            _run, "script", (scope, _) => throw new TimeoutException($"no {scope.Attempt}"), With(Retries(2))));
        Assert.Equal("no 3", thrown.Message);
        Assert.Equal(
            [(1, "retry", "System.TimeoutException: no 1"), (2, "retry", "System.TimeoutException: no 2"), (3, "failure", "System.TimeoutException: no 3")],
            await RowsAsync());
    }

    [Fact]
    public async Task RunStageAsync_whose_pipeline_swallows_the_failure_throws_and_ends_with_failure()
    {
        var options = new StageOptions
        {
            Resilience = async (attempt, token) =>
            {
                try
                {
                    await attempt(token);
                }
                catch (FormatException)
                {
                }
            },
        };
        _ = await Assert.ThrowsAsync<InvalidOperationException>(() => _sdk.Runs.RunStageAsync<int>(_run, "script", (_, _) => throw new FormatException("bad"), options));
        Assert.Equal([(1, "failure", "System.FormatException: bad")], await RowsAsync());
    }

    [Fact]
    public async Task RunStageAsync_with_what_Polly_does_not_retry_writes_one_failure()
    {
        _ = await Assert.ThrowsAsync<FormatException>(() => _sdk.Runs.RunStageAsync<int>(_run, "script", (_, _) => throw new FormatException("bad"), With(Retries(2))));
        Assert.Equal([(1, "failure", "System.FormatException: bad")], await RowsAsync());
    }

    [Fact]
    public async Task RunStageAsync_cancelled_in_an_attempt_of_Pollys_ends_with_failure()
    {
        using var cancellation = new CancellationTokenSource();
        _ = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _sdk.Runs.RunStageAsync<int>(
            _run,
            "script",
            async (scope, token) =>
            {
                if (scope.Attempt == 1)
                {
                    throw new TimeoutException("no 1");
                }

                await cancellation.CancelAsync();
                await Task.Delay(Timeout.Infinite, token).WaitAsync(TimeSpan.FromSeconds(30), CancellationToken.None);
                return 0;
            },
            With(Retries(5)),
            cancellation.Token));
        var rows = await RowsAsync();
        Assert.Equal([(1, "retry"), (2, "failure")], rows.Select(row => (row.Attempt, row.Status)));
        Assert.StartsWith("System.Threading.Tasks.TaskCanceledException: ", rows[1].Summary, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunStageAsync_cancelled_while_Polly_waits_ends_with_failure()
    {
        using var cancellation = new CancellationTokenSource();
        var waiting = Retries(5, _ =>
        {
            cancellation.CancelAfter(20);
            return TimeSpan.FromMinutes(1);
        });
        _ = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _sdk.Runs.RunStageAsync<int>(
            _run, "script", (_, _) => throw new TimeoutException("no"), With(waiting), cancellation.Token));
        Assert.Equal([(1, "failure", "System.TimeoutException: no")], await RowsAsync());
    }

    [Fact]
    public async Task RunStageAsync_cancelled_before_Pollys_first_attempt_writes_one_failure()
    {
        var began = false;
        _ = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _sdk.Runs.RunStageAsync(
            _run, "script", (_, _) => Task.FromResult(began = true), With(Retries(5)), new CancellationToken(canceled: true)));
        Assert.False(began);
        Assert.Equal([(1, "failure")], (await RowsAsync()).Select(row => (row.Attempt, row.Status)));
    }

    private static StageOptions With(ResiliencePipeline pipeline) => new() { Resilience = pipeline.ExecuteAsync };

    private static ResiliencePipeline Retries(int count, Func<int, TimeSpan>? delay = null) =>
        new ResiliencePipelineBuilder()
            .AddRetry(new RetryStrategyOptions
            {
                ShouldHandle = new PredicateBuilder().Handle<TimeoutException>(),
                MaxRetryAttempts = count,
                Delay = TimeSpan.Zero,
                DelayGenerator = delay is null ? null : arguments => new ValueTask<TimeSpan?>(delay(arguments.AttemptNumber)),
            })
            .Build();

    private async Task<List<(int Attempt, string Status, string? Summary)>> RowsAsync()
    {
        _ = await _sdk.Runs.FlushAsync();
        return [.. (await _sdk.History.GetRunAsync(_run))!.Rows.Select(row => (row.Attempts!.Value, row.Status!.Value.Value, row.ErrorSummary))];
    }
}
