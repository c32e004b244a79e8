using AiSystemSpec.Sdk.IntegrationTests.Infrastructure;
using Microsoft.Extensions.DependencyInjection;

namespace AiSystemSpec.Sdk.IntegrationTests.Research;

/// <summary>What one of several callers does to what they share does not reach the others.</summary>
public sealed class SharedResearchTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private readonly WarningLog _log = new();
    private ServiceProvider _services = null!;

    private IResearchCache Cache => _services.GetRequiredService<IResearchCache>();

    public Task InitializeAsync()
    {
        _services = _log.Services().AddAiSystemSpec(postgres.ConnectionString).BuildServiceProvider();
        return Task.CompletedTask;
    }

    public async Task DisposeAsync() => await _services.DisposeAsync();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Entry_that_a_caller_changes_is_its_own(bool doNotStore)
    {
        for (var round = 0; round < 10; round++)
        {
            var release = new TaskCompletionSource();
            var calls = Enumerable.Range(0, 30).Select(_ => Task.Run(async () =>
            {
                var result = await Cache.GetOrResearchAsync($"changed {round} {doNotStore}", async (context, _) =>
                {
                    context.DoNotSave = doNotStore;
                    await release.Task;
                    return "found";
                });
                var content = result.Entry.Content;
                (result.Entry.Content, result.Entry.Topic, result.Entry.Id) = ("changed", "changed", Guid.NewGuid());
                return content;
            })).ToList();
            await Task.Delay(20);
            release.SetResult();
            Assert.All(await Task.WhenAll(calls), content => Assert.Equal("found", content));
        }
    }

    [Fact]
    public async Task Callback_on_the_token_that_throws_hides_no_callers_cancellation()
    {
        using var caller = new CancellationTokenSource();
        var began = new TaskCompletionSource();
        var call = Cache.GetOrResearchAsync(
            "callback",
            async (context, token) =>
            {
                _ = token.Register(() => throw new InvalidOperationException("the host's own"));
                began.SetResult();
                await Task.Delay(Timeout.Infinite, token);
                return "never";
            },
            cancellationToken: caller.Token).AsTask();
        await began.Task;
        await caller.CancelAsync();
        _ = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        await Until.TrueAsync(() => _log.Of(1007).Count == 1);
        Assert.Equal("next", (await Cache.GetOrResearchAsync("callback", (_, _) => Task.FromResult("next"))).Entry.Content);
    }

    [Fact]
    public async Task Callback_on_the_token_that_blocks_holds_no_caller_up()
    {
        using var caller = new CancellationTokenSource();
        using var blocks = new ManualResetEventSlim();
        var began = new TaskCompletionSource();
        var call = Cache.GetOrResearchAsync(
            "blocks",
            async (context, token) =>
            {
                _ = token.Register(blocks.Wait);
                began.SetResult();
                await Task.Delay(Timeout.Infinite, token);
                return "never";
            },
            cancellationToken: caller.Token).AsTask();
        await began.Task;
        await caller.CancelAsync();
        _ = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call.WaitAsync(TimeSpan.FromSeconds(30)));
        blocks.Set();
    }

    [Fact]
    public async Task Callback_that_throws_at_shutdown_keeps_no_other_research_from_being_cancelled()
    {
        var services = _log.Services().AddAiSystemSpec(postgres.ConnectionString, options => options.ShutdownTimeout = TimeSpan.FromMilliseconds(100)).BuildServiceProvider();
        var cache = services.GetRequiredService<IResearchCache>();
        var began = 0;
        var calls = Enumerable.Range(0, 3).Select(i => cache.GetOrResearchAsync($"shutdown {i}", async (context, token) =>
        {
            _ = token.Register(() => throw new InvalidOperationException("the host's own"));
            _ = Interlocked.Increment(ref began);
            await Task.Delay(Timeout.Infinite, token);
            return "never";
        }).AsTask()).ToList();
        await Until.TrueAsync(() => began == 3);
        await services.DisposeAsync();
        foreach (var call in calls)
        {
            _ = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        }
    }

    [Fact]
    public async Task Decomposed_letters_make_one_topic_or_are_warned_of_without_globalization_data()
    {
        foreach (var isInvariant in new[] { "0", "1" })
        {
            await using var host = await TestHostProcess.StartAsync(
                new Dictionary<string, string?>(StringComparer.Ordinal) { ["DOTNET_SYSTEM_GLOBALIZATION_INVARIANT"] = isInvariant }, "spellings", postgres.ConnectionString);
            Assert.Equal(isInvariant == "1" ? "2 topics, 1 warnings" : "1 topics, 0 warnings", await host.ReadLineAsync());
            await host.WaitForExitAsync();
            await Sql.ExecuteAsync(postgres.ConnectionString, "DELETE FROM public.research_cache");
        }
    }
}
