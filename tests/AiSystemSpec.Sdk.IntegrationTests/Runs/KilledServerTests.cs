using System.Globalization;
using AiSystemSpec.Sdk.IntegrationTests.Infrastructure;
using AiSystemSpec.Sdk.Testing;
using Xunit.Abstractions;

namespace AiSystemSpec.Sdk.IntegrationTests.Runs;

/// <summary>PostgreSQL is killed, or away, while a pipeline goes on.</summary>
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
        await TemplateDatabase.MigrateAsync(_connectionString);
    }

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        _spool.Dispose();
    }

    [Fact]
    public Task Killed_in_mid_load_costs_no_row_and_no_pause() => KillAsync(2);

    [Fact]
    [Trait("Category", "Long")]
    public Task Killed_in_mid_load_costs_no_row_and_no_pause_every_time() => KillAsync(Trials.Count(few: 2, full: 50));

    [Fact]
    public Task Away_for_a_while_costs_no_row_with_the_spool() => LoseNothingAsync(seconds: 2);

    [Fact]
    [Trait("Category", "Long")]
    public Task Away_for_a_minute_costs_no_row_with_the_spool() => LoseNothingAsync(Trials.Count(few: 2, full: 60));

    [Fact]
    public Task Away_for_a_while_costs_what_is_counted_without_the_spool() => LoseWhatIsCountedAsync(seconds: 3);

    [Fact]
    [Trait("Category", "Long")]
    public Task Away_for_a_minute_costs_what_is_counted_without_the_spool() => LoseWhatIsCountedAsync(Trials.Count(few: 3, full: 60));

    private async Task KillAsync(int kills)
    {
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

    private async Task LoseNothingAsync(int seconds)
    {
        await using var host = HostServices.Over(_connectionString, options => options.RunLog.SpoolDirectory = _spool.Path);
        var load = new SteadyLoad(host.Runs, _run, RowsPerSecond);
        await RunThroughOutageAsync(load, seconds);
        await AssertAllWrittenAsync(host, load, "with the spool");
    }

    private async Task LoseWhatIsCountedAsync(int seconds)
    {
        await using var host = HostServices.Over(_connectionString);
        var load = new SteadyLoad(host.Runs, _run, RowsPerSecond);
        await RunThroughOutageAsync(load, seconds);
        var flushed = await host.Runs.FlushAsync();
        var rows = await CountAsync();
        output.WriteLine($"without the spool: {load.Returned} handed over, {rows} in the table, {flushed.Lost} counted as lost");
        Assert.Equal((rows, load.Returned - rows), (flushed.Written, flushed.Lost));
        Assert.True(flushed.Lost > 0);
    }

    private async Task RunThroughOutageAsync(SteadyLoad load, int seconds)
    {
        load.Start();
        await Task.Delay(500);
        await _server.CrashAsync();
        await Task.Delay(TimeSpan.FromSeconds(seconds));
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
        var rows = await CountAsync();
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{what}: {load.Returned} handed over, {rows} in the table, {distinct} distinct, {flushed.Lost} lost; Enqueue p50 {load.Quantile(0.5).TotalMicroseconds:0.0} us, p99.9 {load.Quantile(0.999).TotalMilliseconds:0.000} ms, longest {load.Quantile(1).TotalMilliseconds:0.0} ms"));
        Assert.Equal((load.Returned, load.Returned, 0L), ((int)rows, (int)distinct, flushed.Lost));
        Assert.InRange(load.Quantile(0.999), TimeSpan.Zero, TimeSpan.FromMilliseconds(50));
    }

    private Task<long> CountAsync() =>
        Sql.ScalarAsync<long>(_connectionString, "SELECT count(*) FROM public.pipeline_runs WHERE run_id = $1", _run);
}
