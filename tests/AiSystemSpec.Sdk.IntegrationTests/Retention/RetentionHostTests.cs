using AiSystemSpec.Sdk.IntegrationTests.Infrastructure;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace AiSystemSpec.Sdk.IntegrationTests.Retention;

/// <summary>The hosted service, as a host registers it.</summary>
public sealed class RetentionHostTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private const string AddOldScript = "INSERT INTO public.scripts (content, created_at) VALUES ('old', now() - interval '1 year')";

    [Fact]
    public async Task AddAiSystemSpecRetention_purges_from_host_start_on_at_intervals()
    {
        var database = await PostgresFixture.CreateDatabaseAsync();
        await Sql.ExecuteAsync(database, AddOldScript);
        using var host = new HostBuilder().ConfigureServices(services => services
            .AddAiSystemSpecRetention(options => options.Interval = TimeSpan.FromMilliseconds(50))
            .AddAiSystemSpec(database)
            .AddAiSystemSpecRetention(options => options.ScriptAge = TimeSpan.FromDays(1))).Build();
        _ = Assert.Single(host.Services.GetServices<IHostedService>(), service => service.GetType().Name == "RetentionService");
        await host.StartAsync();
        await UntilEmptyAsync(database);
        await Sql.ExecuteAsync(database, AddOldScript);
        await UntilEmptyAsync(database);
        await host.StopAsync();
    }

    [Fact]
    public async Task AddKeyedAiSystemSpecRetention_purges_the_other_database_only()
    {
        var (first, second) = (await PostgresFixture.CreateDatabaseAsync(), await PostgresFixture.CreateDatabaseAsync());
        await Sql.ExecuteAsync(first, AddOldScript);
        await Sql.ExecuteAsync(second, AddOldScript);
        using var host = new HostBuilder().ConfigureServices(services => services
            .AddAiSystemSpec(first)
            .AddKeyedAiSystemSpec("second", options => options.ConnectionString = second)
            .AddKeyedAiSystemSpecRetention("second", options => options.ScriptAge = TimeSpan.FromDays(1))).Build();
        await host.StartAsync();
        await UntilEmptyAsync(second);
        await host.StopAsync();
        Assert.Equal(1, await CountAsync(first));
        Assert.NotSame(host.Services.GetRequiredService<IRetention>(), host.Services.GetRequiredKeyedService<IRetention>("second"));
    }

    [Fact]
    public async Task Options_are_validated_at_host_start_with_property_and_remedy()
    {
        using var host = new HostBuilder().ConfigureServices(services => services
            .AddAiSystemSpec(postgres.ConnectionString).AddAiSystemSpecRetention(options => options.KeepLatestPerTopic = 0)).Build();
        var error = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync());
        Assert.Contains("RetentionOptions.KeepLatestPerTopic is 0. Set it to 1 or more", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Retention_without_a_database_is_said_at_host_start()
    {
        using var host = new HostBuilder().ConfigureServices(services => services.AddAiSystemSpecRetention(options => options.RunAge = TimeSpan.FromDays(1))).Build();
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => host.StartAsync());
        Assert.Contains("AddAiSystemSpec,", error.Message, StringComparison.Ordinal);
    }

    private static Task<long> CountAsync(string database) => Sql.ScalarAsync<long>(database, "SELECT count(*) FROM public.scripts");

    private static async Task UntilEmptyAsync(string database)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (await CountAsync(database) > 0)
        {
            await Task.Delay(20, limit.Token);
        }
    }
}
