using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using AiSystemSpec.Sdk.IntegrationTests.Infrastructure;
using AiSystemSpec.Sdk.IntegrationTests.Infrastructure.Routes;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace AiSystemSpec.Sdk.IntegrationTests.Registration;

/// <summary>What hosts are told about their connection; the rules themselves are in the unit tests.</summary>
[SuppressMessage("Reliability", "CA2000", Justification = "Providers are disposed by the tests.")]
public sealed class ConnectionAdviceTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private const int SettingDoesNotFit = 4001;
    private const int ServerTooOld = 4002;

    [Fact]
    public async Task Setting_that_does_not_fit_is_logged_once_for_each_registration_when_it_is_used()
    {
        using var log = new ConnectionLog();
        await using var provider = log.Services()
            .AddAiSystemSpec(postgres.ConnectionString + ";Maximum Pool Size=3")
            .AddKeyedAiSystemSpec("second", options => options.ConnectionString = postgres.ConnectionString + ";Maximum Pool Size=2")
            .BuildServiceProvider();
        var (first, second) = (provider.GetRequiredService<IResearchCache>(), provider.GetRequiredKeyedService<IResearchCache>("second"));
        Assert.Empty(log.Entries);

        await Task.WhenAll(Enumerable.Range(0, 20).Select(number => first.GetFreshAsync($"{number}").AsTask()));
        _ = await second.GetFreshAsync("topic");

        Assert.All(log.Entries, entry => Assert.Equal(SettingDoesNotFit, entry.Id));
        Assert.Collection(
            log.Entries.Select(entry => entry.Message),
            message => Assert.StartsWith("The connection's setting Maximum Pool Size does not fit: 3 is fewer", message, StringComparison.Ordinal),
            message => Assert.StartsWith("The connection's setting Maximum Pool Size does not fit: 2 is fewer", message, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Setting_is_named_even_where_the_connection_cannot_be_opened()
    {
        using var log = new ConnectionLog();
        await using var source = NpgsqlDataSource.Create("Host=db.does-not-exist.invalid;Username=u;Password=secret-word;SSL Mode=Disable;Timeout=1");
        await using var provider = log.Services().AddAiSystemSpec(options => options.DataSource = source).BuildServiceProvider();

        _ = await Assert.ThrowsAnyAsync<Exception>(async () => await provider.GetRequiredService<IScriptStore>().GetAsync(Guid.NewGuid()));

        Assert.Contains("SSL Mode=Require", Assert.Single(log.Entries).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_is_asked_or_said_where_the_settings_fit()
    {
        using var log = new ConnectionLog();
        using var statements = new StatementLog();
        await using var source = statements.Open(postgres.ConnectionString + ";No Reset On Close=true");
        await using (var provider = log.Services().AddAiSystemSpec(options => options.DataSource = source).BuildServiceProvider())
        {
            _ = await provider.GetRequiredService<IScriptStore>().GetAsync(Guid.NewGuid());
        }

        Assert.Empty(log.Entries);
        _ = Assert.Single(await statements.ExplainAsync(postgres.ConnectionString));
    }

    [Fact]
    public async Task Missing_pool_is_logged_where_there_is_no_pooler_either()
    {
        using var log = new ConnectionLog();
        await using var provider = log.Services().AddAiSystemSpec(TestRoute.Direct(postgres.ConnectionString) + ";Pooling=false").BuildServiceProvider();

        _ = await provider.GetRequiredService<IScriptStore>().GetAsync(Guid.NewGuid());

        Assert.Contains("Set Pooling=true", await log.WaitForAsync("Pooling"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Server_is_not_asked_where_nobody_listens()
    {
        var opened = 0;
        var builder = new NpgsqlDataSourceBuilder(TestRoute.Direct(postgres.ConnectionString) + ";Pooling=false");
        builder.UsePhysicalConnectionInitializer(_ => Interlocked.Increment(ref opened), _ => Task.FromResult(Interlocked.Increment(ref opened)));
        await using var source = builder.Build();
        await using var provider = new ServiceCollection().AddAiSystemSpec(options => options.DataSource = source).BuildServiceProvider();

        _ = await provider.GetRequiredService<IScriptStore>().GetAsync(Guid.NewGuid());
        await Task.Delay(TimeSpan.FromMilliseconds(500)); // a question would come from the background

        Assert.Equal(1, opened);
    }

    [Fact]
    public async Task Server_is_asked_outside_the_first_callers_context()
    {
        var caller = new AsyncLocal<string> { Value = "first" };
        var contexts = new ConcurrentQueue<string?>();
        using var log = new ConnectionLog();
        var builder = new NpgsqlDataSourceBuilder(TestRoute.Direct(postgres.ConnectionString) + ";Pooling=false");
        builder.UsePhysicalConnectionInitializer(
            _ => contexts.Enqueue(caller.Value),
            _ =>
            {
                contexts.Enqueue(caller.Value);
                return Task.CompletedTask;
            });
        await using var source = builder.Build();
        await using var provider = log.Services().AddAiSystemSpec(options => options.DataSource = source).BuildServiceProvider();

        _ = await provider.GetRequiredService<IScriptStore>().GetAsync(Guid.NewGuid());
        _ = await log.WaitForAsync("Pooling");

        Assert.Equal(["first", null], contexts);
    }

    [Fact]
    public async Task Server_before_15_is_logged_once_and_the_services_go_on()
    {
        using var log = new ConnectionLog();
        await using var older = new OlderServer(postgres.ConnectionString);
        await using var provider = log.Services().AddAiSystemSpec(older.ConnectionString).BuildServiceProvider();

        var script = await provider.GetRequiredService<IScriptStore>().SaveAsync("kept");
        Assert.NotNull(await provider.GetRequiredService<IScriptStore>().GetAsync(script.Id));

        var (id, message) = Assert.Single(log.Entries);
        Assert.Equal(ServerTooOld, id);
        Assert.Contains("The server is PostgreSQL 14", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Multiplexing_is_turned_off_in_a_connection_string_and_refused_in_a_hosts_data_source()
    {
        var multiplexed = postgres.ConnectionString + ";Multiplexing=true";
        await using var own = new ServiceCollection().AddAiSystemSpec(multiplexed).BuildServiceProvider();
        await using var source = NpgsqlDataSource.Create(multiplexed);
        await using var given = new ServiceCollection().AddAiSystemSpec(options => options.DataSource = source).BuildServiceProvider();

        // Multiplexed, rows of one caller would be taken back together with another's lock.
        var cache = own.GetRequiredService<IResearchCache>();
        await Task.WhenAll(Enumerable.Range(0, 20).Select(async caller =>
        {
            for (var number = 0; number < 10; number++)
            {
                _ = await cache.GetOrResearchAsync($"researched {caller} {number}", async (_, token) => { await Task.Delay(1, token); return "x"; });
                _ = await cache.SaveAsync($"stored {caller} {number}", "x");
            }
        }));

        Assert.Equal(400L, await Sql.ScalarAsync<long>(postgres.ConnectionString, "SELECT count(*) FROM public.research_cache WHERE topic ~ '^(researched|stored)'"));
        var error = Assert.Throws<InvalidOperationException>(given.GetRequiredService<IResearchCache>);
        Assert.Contains("Leave Multiplexing out", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Category", "PgBouncer")]
    public async Task Settings_that_a_transaction_pooler_does_not_bear_are_logged()
    {
        await using var bouncer = await PgBouncer.StartAsync(postgres.ConnectionString, poolSize: 5);
        using var log = new ConnectionLog();
        var settings = new NpgsqlConnectionStringBuilder(bouncer.ConnectionString) { MaxAutoPrepare = 20, AutoPrepareMinUsages = 1_000_000, SearchPath = "elsewhere", Options = "-c lock_timeout=1000" };
        await using var source = NpgsqlDataSource.Create(settings.ConnectionString);
        await using var provider = log.Services().AddAiSystemSpec(options => options.DataSource = source).BuildServiceProvider();

        _ = await provider.GetRequiredService<IScriptStore>().GetAsync(Guid.NewGuid());

        Assert.Contains("Set No Reset On Close=true", await log.WaitForAsync("No Reset On Close"), StringComparison.Ordinal);
        Assert.Contains("Set Max Auto Prepare=0", await log.WaitForAsync("Max Auto Prepare"), StringComparison.Ordinal);
        Assert.Contains("Leave it out", await log.WaitForAsync("Search Path"), StringComparison.Ordinal);
        Assert.Contains("Leave them out", await log.WaitForAsync("Options"), StringComparison.Ordinal);
    }
}
