using System.Diagnostics.CodeAnalysis;
using AiSystemSpec.Sdk.IntegrationTests.Infrastructure;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Npgsql;

namespace AiSystemSpec.Sdk.IntegrationTests.Registration;

[SuppressMessage("Reliability", "CA2000", Justification = "Providers are disposed by the tests that need it.")]
public sealed class RegistrationTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Fact]
    public async Task AddAiSystemSpec_takes_a_connection_string_or_a_uri()
    {
        var uri = ToUri(new NpgsqlConnectionStringBuilder(postgres.ConnectionString));
        foreach (var text in new[] { postgres.ConnectionString, uri })
        {
            await WorksAsync(new ServiceCollection().AddAiSystemSpec(text));
            await WorksAsync(new ServiceCollection().AddAiSystemSpec(options => options.ConnectionString = text));
        }
    }

    [Fact]
    public async Task AddAiSystemSpec_is_bound_from_configuration_and_the_delegate_has_the_last_word()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["ConnectionStrings:AiSystemSpec"] = postgres.ConnectionString,
            ["AiSystemSpec:MaxAge"] = "1.00:00:00",
            ["AiSystemSpec:LockWait"] = "00:01:00",
            ["AiSystemSpec:RunLog:QueueCapacity"] = "77",
        }).Build();
        var services = new ServiceCollection().AddSingleton<IConfiguration>(configuration).AddAiSystemSpec(options => options.LockWait = TimeSpan.FromMinutes(2));
        await WorksAsync(services);
        await using var provider = services.BuildServiceProvider();
        var options = provider.GetRequiredService<IOptions<AiSystemSpecOptions>>().Value;
        Assert.Equal((TimeSpan.FromDays(1), TimeSpan.FromMinutes(2), 77), (options.MaxAge, options.LockWait, options.RunLog.QueueCapacity));
    }

    [Fact]
    public async Task AddAiSystemSpec_uses_the_containers_data_source_and_never_disposes_it()
    {
        await using var dataSource = NpgsqlDataSource.Create(postgres.ConnectionString);
        await WorksAsync(new ServiceCollection().AddSingleton(dataSource).AddAiSystemSpec());
        await WorksAsync(new ServiceCollection().AddAiSystemSpec(options => options.DataSource = dataSource));
        await using var connection = await dataSource.OpenConnectionAsync();
    }

    [Fact]
    public async Task AddAiSystemSpec_is_safe_to_call_twice_and_refuses_another_connection()
    {
        var services = new ServiceCollection().AddAiSystemSpec(postgres.ConnectionString);
        var count = services.Count;
        _ = services.AddAiSystemSpec();
        Assert.Equal(count, services.Count);
        _ = services.AddAiSystemSpec(postgres.ConnectionString, options => options.LockWait = TimeSpan.FromSeconds(1));
        var error = Assert.Throws<InvalidOperationException>(() => services.AddAiSystemSpec("Host=elsewhere;Password=hunter2"));
        Assert.Contains("AddKeyedAiSystemSpec", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", error.ToString(), StringComparison.Ordinal);
        await WorksAsync(services);
    }

    [Fact]
    public async Task AddKeyedAiSystemSpec_is_another_database()
    {
        var second = await PostgresFixture.CreateDatabaseAsync();
        await using var provider = new ServiceCollection()
            .AddAiSystemSpec(postgres.ConnectionString)
            .AddKeyedAiSystemSpec("second", options => options.ConnectionString = second)
            .AddKeyedAiSystemSpec(2, options => options.ConnectionString = second)
            .BuildServiceProvider();
        _ = await provider.GetRequiredKeyedService<IResearchCache>("second").SaveAsync("keyed", "x");
        Assert.Null(await provider.GetRequiredService<IResearchCache>().GetFreshAsync("keyed"));
        Assert.NotNull(await provider.GetRequiredKeyedService<IResearchCache>(2).GetFreshAsync("keyed"));
        await using var context = provider.GetRequiredKeyedService<IDbContextFactory<AiSystemSpecDbContext>>("second").CreateDbContext();
        Assert.Equal(1, await context.ResearchCache.CountAsync());
    }

    [Fact]
    public async Task Options_are_validated_at_host_start_with_property_and_remedy()
    {
        using var host = new HostBuilder().ConfigureServices(services => services.AddAiSystemSpec(postgres.ConnectionString, options =>
        {
            options.MaxAge = TimeSpan.Zero;
            options.RunLog.QueueCapacity = 0;
        })).Build();
        var error = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync());
        Assert.Contains("AiSystemSpecOptions.MaxAge", error.Message, StringComparison.Ordinal);
        Assert.Contains("AiSystemSpecOptions.RunLog.QueueCapacity", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_to_connect_to_is_said_at_first_use()
    {
        await using var provider = new ServiceCollection().AddAiSystemSpec().BuildServiceProvider();
        var error = Assert.Throws<InvalidOperationException>(provider.GetRequiredService<IResearchCache>);
        Assert.Contains("ConnectionStrings:AiSystemSpec", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("hunter2")]
    [InlineData("Host=x;Pasword=hunter2")]
    [InlineData("Host=x;Port=hunter2")]
    [InlineData("Username=hunter2")]
    [InlineData("postgresql://u:hunter2@host:notaport/db?sslmode=hunter2")]
    public void Malformed_connection_strings_are_refused_without_being_quoted(string text)
    {
        var error = Assert.ThrowsAny<ArgumentException>(() => new ServiceCollection().AddAiSystemSpec(text));
        Assert.Equal("connectionString", error.ParamName);
        Assert.DoesNotContain("hunter2", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Health_check_tells_of_tables_and_absence()
    {
        var empty = await postgres.CreateEmptyDatabaseAsync();
        await using var provider = new ServiceCollection()
            .AddAiSystemSpec(postgres.ConnectionString)
            .AddKeyedAiSystemSpec("empty", options => options.ConnectionString = empty)
            .AddKeyedAiSystemSpec("away", options => options.ConnectionString = "Host=127.0.0.1;Port=1;Timeout=1;Username=u;Password=hunter2")
            .AddHealthChecks().AddAiSystemSpec().AddAiSystemSpec().AddAiSystemSpec("empty", "empty").AddAiSystemSpec("away", "away", HealthStatus.Degraded)
            .Services.BuildServiceProvider();
        var report = await provider.GetRequiredService<HealthCheckService>().CheckHealthAsync();
        Assert.Equal(HealthStatus.Healthy, report.Entries["ai-system-spec"].Status);
        Assert.Equal(HealthStatus.Unhealthy, report.Entries["empty"].Status);
        Assert.Contains("research_cache, scripts, pipeline_runs", report.Entries["empty"].Description, StringComparison.Ordinal);
        Assert.Equal(HealthStatus.Degraded, report.Entries["away"].Status);
        Assert.DoesNotContain("hunter2", report.Entries["away"].Exception!.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Services_take_no_part_in_an_ambient_transaction()
    {
        await using var dataSource = NpgsqlDataSource.Create(postgres.ConnectionString); // Enlist=true, Npgsql's default
        await using var provider = new ServiceCollection().AddSingleton(dataSource).AddAiSystemSpec().BuildServiceProvider();
        using (new System.Transactions.TransactionScope(System.Transactions.TransactionScopeAsyncFlowOption.Enabled))
        {
            _ = await provider.GetRequiredService<IResearchCache>().SaveAsync("ambient", "kept");
            _ = await provider.GetRequiredService<IScriptStore>().ListAsync();
        }

        Assert.NotNull(await provider.GetRequiredService<IResearchCache>().GetFreshAsync("ambient"));
    }

    private static string ToUri(NpgsqlConnectionStringBuilder builder) =>
        $"postgresql://{builder.Username}:{Uri.EscapeDataString(builder.Password ?? "")}@{builder.Host}:{builder.Port}/{builder.Database}?application_name=uri&sslmode=disable";

    private static async Task WorksAsync(IServiceCollection services)
    {
        await using var provider = services.BuildServiceProvider(new ServiceProviderOptions { ValidateOnBuild = true, ValidateScopes = true });
        _ = await provider.GetRequiredService<IResearchCache>().SaveAsync("registered", "x");
        Assert.NotNull(await provider.GetRequiredService<IResearchCache>().GetFreshAsync("registered"));
        Assert.NotNull(provider.GetRequiredService<IRunLogger>());
        Assert.NotNull(provider.GetRequiredService<IRunHistory>());
    }
}
