using AiSystemSpec.Sdk.IntegrationTests.Infrastructure;
using AiSystemSpec.Sdk.Testing;
using Xunit.Abstractions;

namespace AiSystemSpec.Sdk.IntegrationTests.Runs;

/// <summary>PostgreSQL is killed, or away, while a pipeline goes on.</summary>
[Trait("Category", "Long")]
public sealed class KilledServerTests(ITestOutputHelper output) : IAsyncLifetime
{
    private const int RowsPerSecond = 5_000;

    private readonly string _run = Guid.NewGuid().ToString();
    private readonly SpoolDirectory _spool = new();
    private EphemeralPostgres _server = null!;
    private string _connectionString = "";

    public async Task InitializeAsync()
    {
        _server = await EphemeralPostgres.StartAsync(new EphemeralPostgresOptions { Ways = PostgresWays.OwnServer });
        _connectionString = await _server.CreateDatabaseAsync();
        await TemplateDatabase.PrepareAsync(_connectionString);
    }

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        _spool.Dispose();
    }

    [Fact]
    public async Task Killed_in_mid_load_costs_no_row_and_no_pause()
    {
        var kills = Trials.Of(full: 50, few: 3);
        await using var host = HostServices.Over(_connectionString, options => options.RunLog.SpoolDirectory = _spool.Path);
        var load = new SteadyLoad(host.Runs, _run, RowsPerSecond);
        load.Start();
        for (var kill = 1; kill <= kills; kill++)
        {
            await Task.Delay(Random.Shared.Next(50, 600));
            await _server.CrashAsync();
            await _server.RestartAsync();
        }

        load.Stop();
        await AssertAllWrittenAsync(host, load, $"{kills} kills");
    }

    [Fact]
    public async Task Away_for_a_while_costs_no_row_with_the_spool()
    {
        await using var host = HostServices.Over(_connectionString, options => options.RunLog.SpoolDirectory = _spool.Path);
        var load = new SteadyLoad(host.Runs, _run, RowsPerSecond);
        await RunThroughOutageAsync(load);
        await AssertAllWrittenAsync(host, load, "with the spool");
    }

    [Fact]
    public async Task Away_for_a_while_costs_what_is_counted_without_the_spool()
    {
        await using var host = HostServices.Over(_connectionString);
        var load = new SteadyLoad(host.Runs, _run, RowsPerSecond);
        await RunThroughOutageAsync(load);
        var flushed = await host.Runs.FlushAsync();
        var rows = await CountAsync();
        output.WriteLine(Trials.Line("without the spool: {0} handed over, {1} in the table, {2} counted as lost", load.Returned, rows, flushed.Dropped));
        Assert.Equal((rows, load.Returned - rows), (flushed.Written, flushed.Dropped));
        Assert.True(flushed.Dropped > 0);
    }

    private async Task RunThroughOutageAsync(SteadyLoad load)
    {
        load.Start();
        await Task.Delay(500);
        await _server.CrashAsync();
        await Task.Delay(TimeSpan.FromSeconds(Trials.Of(full: 60, few: 3)));
        await _server.RestartAsync();
        await Task.Delay(500);
        load.Stop();
    }

    private async Task AssertAllWrittenAsync(HostServices host, SteadyLoad load, string what)
    {
        FlushResult flushed;
        do
        {
            flushed = await host.Runs.FlushAsync(); // returns early while the server is still seen as away
        }
        while (flushed.Spooled > 0);

        var distinct = await Sql.ScalarAsync<long>(_connectionString, "SELECT count(DISTINCT attempts) FROM public.pipeline_runs WHERE run_id = $1", _run);
        output.WriteLine(Trials.Line(
            "{0}: {1} handed over, {2} in the table, {3} distinct, {4} lost; Enqueue p50 {5:0.0} us, p99.9 {6:0.000} ms, longest {7:0.0} ms",
            what, load.Returned, await CountAsync(), distinct, flushed.Dropped,
            load.Quantile(0.5).TotalMicroseconds, load.Quantile(0.999).TotalMilliseconds, load.Quantile(1).TotalMilliseconds));
        Assert.Equal((load.Returned, load.Returned, 0L), ((int)await CountAsync(), (int)distinct, flushed.Dropped));
        Assert.InRange(load.Quantile(0.999), TimeSpan.Zero, TimeSpan.FromMilliseconds(10));
    }

    private Task<long> CountAsync() => Sql.ScalarAsync<long>(_connectionString, "SELECT count(*) FROM public.pipeline_runs WHERE run_id = $1", _run);
}
