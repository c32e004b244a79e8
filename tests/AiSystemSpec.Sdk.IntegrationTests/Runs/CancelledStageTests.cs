using AiSystemSpec.Sdk.IntegrationTests.Infrastructure;

namespace AiSystemSpec.Sdk.IntegrationTests.Runs;

/// <summary>A stage that was called off is told from one that broke: <c>failure</c> with <c>metrics.cancelled</c>.</summary>
public sealed class CancelledStageTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private readonly HostServices _sdk = HostServices.Over(postgres.ConnectionString);
    private readonly string _run = $"run-{Guid.NewGuid():N}";

    public static TheoryData<Exception, bool> Exceptions => new()
    {
        { new OperationCanceledException(), true },
        { new TaskCanceledException("shutdown"), true },
        { new InvalidOperationException("wrapped", new OperationCanceledException()), true },
        { new AggregateException(new FormatException(), new TaskCanceledException()), true },
        { new TaskCanceledException("HttpClient.Timeout", new TimeoutException()), false },
        { new TimeoutException(), false },
        { new FormatException(), false },
    };

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _sdk.DisposeAsync();

    [Theory]
    [MemberData(nameof(Exceptions))]
    public async Task Fail_with_a_cancellation_says_so(Exception exception, bool isCancelled)
    {
        using (var scope = _sdk.Runs.BeginStage(_run, "render"))
        {
            scope.Fail(exception);
            Assert.Equal(isCancelled, scope.Metrics.Additional.ContainsKey("cancelled"));
        }

        Assert.Equal([("failure", isCancelled)], await RowsAsync());
    }

    [Fact]
    public async Task Complete_after_Fail_takes_the_cancellation_back()
    {
        using (var scope = _sdk.Runs.BeginStage(_run, "render"))
        {
            scope.Fail(new OperationCanceledException());
            scope.Complete();
        }

        Assert.Equal([("success", false)], await RowsAsync());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task RunStageAsync_cancelled_by_its_caller_says_so(bool withPipeline)
    {
        using var cancellation = new CancellationTokenSource();
        var options = withPipeline ? new StageOptions { Resilience = (attempt, token) => attempt(token) } : new StageOptions { MaxAttempts = 3 };
        _ = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _sdk.Runs.RunStageAsync<int>(
            _run,
            "render",
            async (_, token) =>
            {
                await cancellation.CancelAsync();
                await Task.Delay(Timeout.Infinite, token);
                return 1;
            },
            options,
            cancellation.Token));
        Assert.Equal([("failure", true)], await RowsAsync());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task RunStageAsync_cancelled_before_it_began_says_so(bool withPipeline)
    {
        var options = withPipeline ? new StageOptions { Resilience = (attempt, token) => token.IsCancellationRequested ? ValueTask.FromCanceled(token) : attempt(token) } : null;
        _ = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _sdk.Runs.RunStageAsync(
            _run, "render", (_, _) => Task.FromResult(1), options, new CancellationToken(canceled: true)));
        Assert.Equal([("failure", true)], await RowsAsync());
    }

    [Fact]
    public async Task RunStageAsync_cancelled_while_a_pipeline_waits_says_so_of_the_last_attempt()
    {
        using var cancellation = new CancellationTokenSource();
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
                    await cancellation.CancelAsync();
                    await Task.Delay(Timeout.Infinite, token);
                }
            },
        };
        _ = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _sdk.Runs.RunStageAsync<int>(_run, "render", (_, _) => throw new FormatException("bad"), options, cancellation.Token));
        Assert.Equal([("failure", true)], await RowsAsync());
    }

    [Fact]
    public async Task RunStageAsync_whose_calls_time_out_is_retried_and_fails_like_any_other()
    {
        var options = new StageOptions { MaxAttempts = 2, Delay = _ => TimeSpan.Zero };
        _ = await Assert.ThrowsAsync<TaskCanceledException>(() => _sdk.Runs.RunStageAsync<int>(
            _run, "render", (_, _) => throw new TaskCanceledException("HttpClient.Timeout", new TimeoutException()), options));
        Assert.Equal([("retry", false), ("failure", false)], await RowsAsync());
    }

    private async Task<IEnumerable<(string Status, bool IsCancelled)>> RowsAsync()
    {
        _ = await _sdk.Runs.FlushAsync();
        return (await _sdk.History.GetRunAsync(_run))!.Rows
            .Select(row => (row.Status!.Value.Value, row.Metrics!.Additional.TryGetValue("cancelled", out var cancelled) && (bool)cancelled!));
    }
}
