using AiSystemSpec.Sdk.IntegrationTests.Infrastructure;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace AiSystemSpec.Sdk.IntegrationTests.Registration;

public sealed class HostBuilderTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Fact]
    public async Task Services_and_health_check_are_there_over_the_named_connection()
    {
        var builder = Builder(new() { ["ConnectionStrings:factory"] = postgres.ConnectionString });
        Assert.Same(builder, builder.AddAiSystemSpec("factory").AddAiSystemSpec("factory"));
        using var host = builder.Build();

        _ = await host.Services.GetRequiredService<IScriptStore>().SaveAsync("script");
        var report = await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync();

        Assert.Equal(HealthStatus.Healthy, Assert.Single(report.Entries, check => check.Key == "ai-system-spec").Value.Status);
    }

    [Fact]
    public async Task Named_section_comes_before_the_shared_one_and_the_delegate_before_both()
    {
        var builder = Builder(new()
        {
            ["ConnectionStrings:AiSystemSpec"] = "Host=nobody.invalid",
            ["ConnectionStrings:factory"] = postgres.ConnectionString,
            ["ConnectionStrings:orders"] = await PostgresFixture.CreateDatabaseAsync(),
            ["AiSystemSpec:MaxAge"] = "1.00:00:00",
            ["AiSystemSpec:LockWait"] = "00:01:00",
            ["AiSystemSpec:factory:MaxAge"] = "2.00:00:00",
            ["AiSystemSpec:factory:RunLog:QueueCapacity"] = "7",
        });
        builder.AddAiSystemSpec("factory", options => options.ServeStaleFor = options.MaxAge * 2).AddKeyedAiSystemSpec("orders");
        using var host = builder.Build();

        var options = host.Services.GetRequiredService<IOptionsMonitor<AiSystemSpecOptions>>();
        var of = options.Get(Options.DefaultName);
        Assert.Equal((TimeSpan.FromDays(2), TimeSpan.FromMinutes(1), TimeSpan.FromDays(4), 7), (of.MaxAge, of.LockWait, of.ServeStaleFor, of.RunLog.QueueCapacity));
        _ = await host.Services.GetRequiredService<IScriptStore>().SaveAsync("of the factory");
        _ = await host.Services.GetRequiredKeyedService<IScriptStore>("orders").SaveAsync("of the orders");
        Assert.Equal("of the orders", (await host.Services.GetRequiredKeyedService<IScriptStore>("orders").GetLatestAsync())!.Content);
        Assert.Equal("of the factory", (await host.Services.GetRequiredService<IScriptStore>().GetLatestAsync())!.Content);
        var report = await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync();
        Assert.Equal(["ai-system-spec", "ai-system-spec-orders"], report.Entries.Keys.Order());
        Assert.Equal(HealthStatus.Healthy, report.Status);
    }

    [Theory]
    [InlineData("AiSystemSpec:DisableHealthChecks")]
    [InlineData("AiSystemSpec:factory:DisableHealthChecks")]
    public async Task Health_check_can_be_switched_off(string key)
    {
        var builder = Builder(new() { ["ConnectionStrings:factory"] = postgres.ConnectionString, [key] = "true" });
        builder.AddAiSystemSpec("factory");
        using var host = builder.Build();

        Assert.Empty((await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync()).Entries);
    }

    [Fact]
    public void Missing_connection_string_is_named()
    {
        var builder = Builder(new() { ["ConnectionStrings:AiSystemSpec"] = postgres.ConnectionString });
        builder.AddAiSystemSpec("factory");
        using var host = builder.Build();

        var error = Assert.Throws<InvalidOperationException>(host.Services.GetRequiredService<IScriptStore>);

        Assert.Contains("ConnectionStrings:factory", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Second_call_with_another_name_is_refused()
    {
        var builder = Builder([]);
        builder.AddAiSystemSpec("factory");

        Assert.Contains("AddKeyedAiSystemSpec", Assert.Throws<InvalidOperationException>(() => builder.AddAiSystemSpec("orders")).Message, StringComparison.Ordinal);
    }

    private static HostApplicationBuilder Builder(Dictionary<string, string?> configuration)
    {
        var builder = Host.CreateEmptyApplicationBuilder(settings: null);
        builder.Configuration.AddInMemoryCollection(configuration);
        return builder;
    }
}
