using AiSystemSpec.Sdk.IntegrationTests.Infrastructure;
using AiSystemSpec.Sdk.Migrations;
using AiSystemSpec.Sdk.Runs.Queue;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace AiSystemSpec.Sdk.IntegrationTests.Runs.Writing;

/// <summary>Where row level security applies to the role, COPY is refused: at Supabase to every role that is granted.</summary>
public sealed class RowSecurityTests
{
    private const string Enable = "ALTER TABLE public.pipeline_runs ENABLE ROW LEVEL SECURITY";

    [Fact]
    public async Task Granted_role_writes_without_a_warning()
    {
        var database = await PostgresFixture.CreateDatabaseAsync();
        await Sql.ExecuteAsync(database, Enable);
        await using var role = await TestRole.CreateAsync(database, GrantKind.App);
        await using var host = new RunLogHost(role.ConnectionString);
        for (var round = 0; round < 20; round++)
        {
            host.Enqueue("s", round % 3);
            Assert.Equal(0, (await host.FlushAsync()).Lost);
            Assert.Equal(RunLogProblem.None, host.State.Problem);
        }

        host.Enqueue("many", 6_000);
        Assert.Equal(6_019, (await host.FlushAsync()).Written);
        Assert.Equal(6_019, await host.CountAsync());
        Assert.Empty(host.Warnings);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Granted_role_never_tries_a_COPY_that_would_be_refused(bool isSecured)
    {
        var database = await PostgresFixture.CreateDatabaseAsync();
        await Sql.ExecuteAsync(database, isSecured ? Enable : "ALTER TABLE public.pipeline_runs DISABLE ROW LEVEL SECURITY");
        await using var role = await TestRole.CreateAsync(database, GrantKind.App);
        using var copyLog = new CopyLog();
        using var loggers = LoggerFactory.Create(logging => logging.SetMinimumLevel(LogLevel.Debug).AddProvider(copyLog));
        await using var source = new NpgsqlDataSourceBuilder(role.ConnectionString).UseLoggerFactory(loggers).Build();
        await using var host = new RunLogHost(database, source);
        host.Enqueue("many", 50);
        Assert.Equal(50, (await host.FlushAsync()).Written);
        Assert.Equal(isSecured, copyLog.Count == 0);
    }

    [Fact]
    public async Task Policies_that_come_and_go_while_a_host_runs_cost_nothing()
    {
        var database = await PostgresFixture.CreateDatabaseAsync();
        await using var role = await TestRole.CreateAsync(database, GrantKind.App);
        await using var host = new RunLogHost(role.ConnectionString);
        foreach (var change in new[] { "SELECT 1", $"{Enable}; DROP POLICY IF EXISTS app ON public.pipeline_runs; CREATE POLICY app ON public.pipeline_runs USING (true)", "ALTER TABLE public.pipeline_runs DISABLE ROW LEVEL SECURITY" })
        {
            await Sql.ExecuteAsync(database, change);
            host.Enqueue("s", 100);
            _ = await host.FlushAsync();
        }

        Assert.Equal((300, 300), (host.State.Written, await host.CountAsync()));
        Assert.Empty(host.Warnings);
    }

    [Fact]
    public async Task View_in_the_tables_place_takes_rows()
    {
        var database = await PostgresFixture.CreateDatabaseAsync();
        await Sql.ExecuteAsync(database, "ALTER TABLE public.pipeline_runs RENAME TO stored; CREATE VIEW public.pipeline_runs AS SELECT * FROM public.stored; GRANT SELECT, INSERT ON public.pipeline_runs TO public");
        await using var host = new RunLogHost(database);
        for (var round = 0; round < 5; round++)
        {
            host.Enqueue("s", 50);
            _ = await host.FlushAsync();
        }

        Assert.Equal((250, 0), (await host.CountAsync(), host.State.Lost));
        Assert.Empty(host.Warnings);
    }

    [Fact]
    public async Task Granted_role_reads_and_writes_all_three_tables()
    {
        var database = await PostgresFixture.CreateDatabaseAsync();
        await Sql.ExecuteAsync(database, $"{Enable}; ALTER TABLE public.scripts ENABLE ROW LEVEL SECURITY; ALTER TABLE public.research_cache ENABLE ROW LEVEL SECURITY");
        await using var role = await TestRole.CreateAsync(database, GrantKind.App);
        await using var host = HostServices.Over(role.ConnectionString);
        _ = await host.Research.SaveAsync("topic", "content");
        var script = await host.Scripts.SaveAsync("script");
        _ = await host.Runs.WriteAsync(new RunLogEntry("run", "s", RunStatus.Success));
        Assert.Equal("content", (await host.Research.GetFreshAsync("topic"))?.Content);
        Assert.NotNull(await host.Scripts.GetAsync(script.Id));
        Assert.NotNull(await host.History.GetRunAsync("run"));
        Assert.Equal(1, await host.Research.RemoveAsync("topic"));
    }

    /// <summary>Counts what Npgsql says of COPY.</summary>
    private sealed class CopyLog : ILoggerProvider, ILogger
    {
        public int Count { get; private set; }

        public ILogger CreateLogger(string categoryName) =>
            string.Equals(categoryName, "Npgsql.Copy", StringComparison.Ordinal) ? this : NullLogger.Instance;

        public void Dispose()
        {
            // Nothing is held.
        }

        public bool IsEnabled(LogLevel logLevel) => true;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => Count++;
    }
}
