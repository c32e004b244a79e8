using AiSystemSpec.Sdk.IntegrationTests.Infrastructure;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace AiSystemSpec.Sdk.IntegrationTests.Failover;

/// <summary>No host takes writes: how long callers wait, what they are told, and what that costs the hosts.</summary>
public sealed class NoPrimaryTests
{
    private const int Hurry = 20;

    private readonly ConnectionAttempts _attempts = new();

    [Fact]
    public async Task Call_fails_with_a_sentence_when_nothing_is_promoted_and_goes_on_when_it_is()
    {
        await using var pair = await ReplicatedPair.StartAsync();
        await using var services = Services(options => options.ConnectionString = pair.PrimaryFirst, new FastTime(Hurry));
        var cache = services.GetRequiredService<IResearchCache>();
        _ = await cache.SaveAsync("topic", "before");
        await pair.KillPrimaryAsync();

        var failure = await Assert.ThrowsAnyAsync<NpgsqlException>(() => cache.SaveAsync("topic", "in vain"));

        Assert.StartsWith($"None of the hosts {Hosts(pair.PrimaryFirst)} is a primary that answers and takes writes: Failed to connect to {Hosts(pair.Primary)}", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(new NpgsqlConnectionStringBuilder(pair.Primary).Password!, failure.ToString(), StringComparison.Ordinal);
        Assert.True(failure.IsTransient);
        await pair.PromoteAsync();
        _ = await cache.SaveAsync("topic", "after");
        Assert.Equal("after", (await cache.GetFreshAsync("topic"))?.Content);
    }

    [Fact]
    public async Task Cancellation_ends_the_wait_at_once()
    {
        await using var services = Services(options => options.ConnectionString = Nobody(), new FastTime(2));
        using var cancellation = new CancellationTokenSource();
        var call = services.GetRequiredService<IScriptStore>().SaveAsync("script", cancellation.Token);
        await Task.Delay(TimeSpan.FromSeconds(1.5)); // the quick attempts are over
        Assert.False(call.IsCompleted);

        await cancellation.CancelAsync();

        _ = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call.WaitAsync(TimeSpan.FromSeconds(10)));
    }

    [Fact]
    public async Task Callers_search_together()
    {
        const int callers = 50;
        const int searches = 30;
        var port = FreePort.Next();
        await using var services = Services(options => options.ConnectionString = Nobody(port), new FastTime(Hurry));
        var cache = services.GetRequiredService<IResearchCache>();

        var failures = await Task.WhenAll(Enumerable.Range(0, callers).Select(number =>
            Assert.ThrowsAnyAsync<NpgsqlException>(() => cache.GetFreshAsync($"topic {number}").AsTask())));

        Assert.All(failures, failure => Assert.StartsWith("None of the hosts", failure.Message, StringComparison.Ordinal));
        Assert.InRange(_attempts.At(port), 2, callers * 4 + searches); // once each, again for some whenever a search has forgotten what was known; searching alone: 1,500
    }

    [Fact]
    public async Task Silent_host_holds_up_one_call_in_a_minute()
    {
        await using var pair = await ReplicatedPair.StartAsync();
        using var silent = new SilentHost();
        var settings = new NpgsqlConnectionStringBuilder(pair.Primary) { Host = $"127.0.0.1:{silent.Port},{Hosts(pair.Primary)}", Timeout = 1 };
        await using var services = Services(options => options.ConnectionString = settings.ConnectionString, TimeProvider.System);

        for (var call = 0; call < 15; call++)
        {
            _ = await services.GetRequiredService<IScriptStore>().SaveAsync($"script {call}");
            await Task.Delay(100);
        }

        Assert.Equal(1, _attempts.At(silent.Port));
    }

    [Fact]
    public async Task Health_check_is_unhealthy_until_a_standby_is_promoted()
    {
        await using var pair = await ReplicatedPair.StartAsync();
        var services = new ServiceCollection().AddAiSystemSpec(pair.StandbyFirst); // so that what the standby was is remembered
        _ = services.AddHealthChecks().AddAiSystemSpec();
        await using var provider = services.BuildServiceProvider();
        var health = provider.GetRequiredService<HealthCheckService>();
        Assert.Equal(HealthStatus.Healthy, (await health.CheckHealthAsync()).Status);

        await pair.KillPrimaryAsync();

        Assert.Equal(HealthStatus.Unhealthy, (await health.CheckHealthAsync()).Status);
        await pair.PromoteAsync();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while ((await health.CheckHealthAsync(patience.Token)).Status != HealthStatus.Healthy)
        {
            await Task.Delay(100, patience.Token); // nothing but the check uses the database
        }
    }

    [Fact]
    public async Task One_host_alone_is_not_waited_for()
    {
        var port = FreePort.Next();
        await using var source = new NpgsqlDataSourceBuilder($"Host=127.0.0.1;Port={port};Username=u;Password=p").UseLoggerFactory(_attempts).Build();
        await using var services = Services(options => options.DataSource = source, new FastTime(Hurry));

        var failure = await Assert.ThrowsAnyAsync<NpgsqlException>(() => services.GetRequiredService<IScriptStore>().SaveAsync("script"));

        Assert.StartsWith("Failed to connect", failure.Message, StringComparison.Ordinal);
        Assert.Equal(4, _attempts.At(port));
    }

    private static string Nobody() => Nobody(FreePort.Next());

    private static string Nobody(int port) => $"Host=127.0.0.1:{port},127.0.0.1:{FreePort.Next()};Username=u;Password=p";

    private ServiceProvider Services(Action<AiSystemSpecOptions> configure, TimeProvider time) =>
        new ServiceCollection().AddSingleton(time).AddSingleton<ILoggerFactory>(_attempts).AddAiSystemSpec(configure).BuildServiceProvider();

    private static string Hosts(string connectionString)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString);
        return settings.Host!.Contains(':', StringComparison.Ordinal) ? settings.Host : $"{settings.Host}:{settings.Port}";
    }
}
