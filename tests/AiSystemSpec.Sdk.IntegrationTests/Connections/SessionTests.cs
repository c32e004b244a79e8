extern alias sdk;

using System.Collections.Concurrent;
using AiSystemSpec.Sdk.IntegrationTests.Infrastructure;
using AiSystemSpec.Sdk.IntegrationTests.Infrastructure.Routes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;
using SessionName = sdk::AiSystemSpec.Sdk.Connections.Settings.SessionName;

namespace AiSystemSpec.Sdk.IntegrationTests.Connections;

/// <summary>What operators see of the SDK's sessions and statements.</summary>
public sealed class SessionTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Theory]
    [InlineData("", "AiSystemSpec.Sdk")]
    [InlineData(";Application Name=orders", "orders")]
    public async Task Session_carries_the_hosts_name_or_the_SDKs(string setting, string expected)
    {
        var database = await PostgresFixture.CreateDatabaseAsync();
        await using var host = HostServices.Over(TestRoute.Direct(database) + setting);

        _ = await host.Scripts.GetAsync(Guid.NewGuid());

        Assert.Equal(expected, await Sql.ScalarAsync<string>(database, "SELECT application_name FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"));
    }

    [Theory]
    [InlineData("orders", "orders [AiSystemSpec research lock]")]
    [InlineData("it's \\a", "it?s ?a [AiSystemSpec research lock]")]
    [InlineData("a-name-that-is-as-long-as-sixty-three-characters-or-even-longer", "a-name-that-is-as-long-as-sixty-th [AiSystemSpec research lock]")]
    public async Task Session_says_what_it_is_for_until_its_transaction_ends(string name, string expected)
    {
        await using var source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(postgres.ConnectionString) { ApplicationName = name }.ConnectionString);
        await using var connection = await source.OpenConnectionAsync();
        await ExecuteAsync(connection, "BEGIN");
        await ExecuteAsync(connection, SessionName.SetLocal(connection, "research lock"));
        Assert.Equal(expected, await ReadAsync(connection));
        await ExecuteAsync(connection, SessionName.SetLocal(connection, "research lock")); // again: not twice
        Assert.Equal(expected, await ReadAsync(connection));
        await ExecuteAsync(connection, "ROLLBACK");

        Assert.Equal(name, await ReadAsync(connection));
    }

    [Fact]
    public async Task Session_that_is_idle_in_transaction_for_a_research_can_be_told()
    {
        const string Idle = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state = 'idle in transaction' AND application_name = 'orders [AiSystemSpec research lock]'";
        var database = await PostgresFixture.CreateDatabaseAsync();
        await using var host = HostServices.Over(database + ";Application Name=orders");

        var seen = 0L;
        _ = await host.Research.GetOrResearchAsync("topic", async (_, _) =>
        {
            await Sessions.UntilAsync(database, $"SELECT ({Idle}) = 1");
            seen = await Sql.ScalarAsync<long>(database, Idle);
            return "x";
        });

        Assert.Equal(1, seen);
        await Sessions.UntilAsync(database, "SELECT NOT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE '%[AiSystemSpec%')");
    }

    [Fact]
    public async Task Statements_are_not_logged_at_information_unless_a_host_asks_for_debug()
    {
        using var log = new LevelLog();
        await using (var provider = new ServiceCollection().AddLogging(logging => logging.SetMinimumLevel(LogLevel.Debug).AddProvider(log))
            .AddAiSystemSpec(postgres.ConnectionString).BuildServiceProvider())
        {
            _ = await provider.GetRequiredService<IScriptStore>().GetAsync(Guid.NewGuid());
        }

        Assert.DoesNotContain(log.Levels, entry => entry is { Category: var category, Level: LogLevel.Information } && category.StartsWith("Npgsql", StringComparison.Ordinal));
        Assert.Contains(("Npgsql.Command", LogLevel.Debug), log.Levels);
    }

    [Fact]
    public async Task Parameters_of_other_clients_are_named_in_one_warning()
    {
        var settings = new NpgsqlConnectionStringBuilder(TestRoute.Direct(postgres.ConnectionString));
        using var log = new ConnectionLog();
        var uri = $"postgresql://{settings.Username}:{Uri.EscapeDataString(settings.Password ?? "")}@{settings.Host}:{settings.Port}/{settings.Database}?pgbouncer=true&connection_limit=1&supa=base-pooler.x";
        await using var provider = log.Services().AddAiSystemSpec(uri).BuildServiceProvider();

        _ = await provider.GetRequiredService<IScriptStore>().GetAsync(Guid.NewGuid());
        _ = await provider.GetRequiredService<IScriptStore>().GetAsync(Guid.NewGuid());

        Assert.Contains("connection_limit, pgbouncer, supa", Assert.Single(log.Entries).Message, StringComparison.Ordinal);
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        _ = await command.ExecuteNonQueryAsync();
    }

    private static async Task<string?> ReadAsync(NpgsqlConnection connection)
    {
        await using var command = new NpgsqlCommand("SELECT pg_catalog.current_setting('application_name')", connection);
        return await command.ExecuteScalarAsync() as string;
    }

    private sealed class LevelLog : ILoggerProvider
    {
        public ConcurrentBag<(string Category, LogLevel Level)> Levels { get; } = [];

        public ILogger CreateLogger(string categoryName) => new Category(categoryName, Levels);

        public void Dispose()
        {
            // Nothing is held.
        }

        private sealed class Category(string name, ConcurrentBag<(string Category, LogLevel Level)> levels) : ILogger
        {
            public IDisposable? BeginScope<TState>(TState state)
                where TState : notnull => null;

            public bool IsEnabled(LogLevel logLevel) => true;

            public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => levels.Add((name, logLevel));
        }
    }
}
