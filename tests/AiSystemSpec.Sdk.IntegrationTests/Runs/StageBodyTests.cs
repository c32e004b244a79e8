using AiSystemSpec.Sdk.IntegrationTests.Infrastructure;

namespace AiSystemSpec.Sdk.IntegrationTests.Runs;

/// <summary>Every form in which a host may write a stage's work compiles, runs, and leaves the same row.</summary>
public sealed class StageBodyTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private HostServices _sdk = null!;

    public Task InitializeAsync()
    {
        _sdk = HostServices.Over(postgres.ConnectionString);
        return Task.CompletedTask;
    }

    public async Task DisposeAsync() => await _sdk.DisposeAsync();

    [Fact]
    public async Task Stage_with_a_result_in_each_form()
    {
        const string Run = "with a result";
        var runs = _sdk.Runs;
        var content = "researched";
        var results = new[]
        {
            await runs.RunStageAsync(Run, "async lambda", async (scope, token) =>
            {
                await Task.Yield();
                scope.AddTokens(1);
                return content;
            }),
            await runs.RunStageAsync(Run, "task", (_, _) => Task.FromResult(content)),
            await runs.RunStageAsync(Run, "value task", (_, _) => ValueTask.FromResult(content)),
            await runs.RunStageAsync(Run, "method", TaskOfAsync),
            await runs.RunStageAsync(Run, "method of a value task", ValueTaskOfAsync),
            (await runs.RunStageAsync(Run, "cache", (_, token) => _sdk.Research.GetOrResearchAsync("forms", (_, _) => Task.FromResult(content), cancellationToken: token))).Entry.Content,
        };

        Assert.All(results, result => Assert.Equal(content, result));
        Assert.Equal(results.Length, await SuccessesAsync(Run));
    }

    [Fact]
    public async Task Stage_without_a_result_in_each_form()
    {
        const string Run = "without a result";
        var runs = _sdk.Runs;
        var calls = 0;
        await runs.RunStageAsync(Run, "async lambda", async (scope, token) =>
        {
            await Task.Yield();
            calls++;
        });
        await runs.RunStageAsync(Run, "task", (_, _) => CountAsync());
        await runs.RunStageAsync(Run, "value task", (_, _) => new ValueTask(CountAsync()));
        await runs.RunStageAsync(Run, "method", (StageScope _, CancellationToken _) => CountAsync());
        Assert.Equal(4, calls);
        Assert.Equal(4, await SuccessesAsync(Run));

        Task CountAsync()
        {
            calls++;
            return Task.CompletedTask;
        }
    }

    [Fact]
    public async Task Stage_without_a_result_that_fails_leaves_a_failure()
    {
        const string Run = "failing";
        _ = await Assert.ThrowsAsync<InvalidOperationException>(() => _sdk.Runs.RunStageAsync(Run, "upload", (_, _) => Task.FromException(new InvalidOperationException("quota"))));
        _ = await _sdk.Runs.FlushAsync();
        Assert.Equal(RunStatus.Failure, Assert.Single((await _sdk.History.GetRunAsync(Run))!.Rows).Status);
    }

    private async Task<int> SuccessesAsync(string run)
    {
        _ = await _sdk.Runs.FlushAsync();
        return (await _sdk.History.GetRunAsync(run))!.Rows.Count(row => row.Status == RunStatus.Success);
    }

    private static Task<string> TaskOfAsync(StageScope scope, CancellationToken cancellationToken) => Task.FromResult("researched");

    private static ValueTask<string> ValueTaskOfAsync(StageScope scope, CancellationToken cancellationToken) =>
        ValueTask.FromResult("researched");
}
