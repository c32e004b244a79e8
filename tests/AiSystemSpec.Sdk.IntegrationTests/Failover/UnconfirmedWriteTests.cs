using AiSystemSpec.Sdk.IntegrationTests.Cli;
using AiSystemSpec.Sdk.IntegrationTests.Infrastructure;
using Npgsql;

namespace AiSystemSpec.Sdk.IntegrationTests.Failover;

/// <summary>
/// The standby is gone and confirms nothing. When a commit's wait for it is cancelled, PostgreSQL answers with success and a warning: a
/// row that the next failover loses.
/// </summary>
public sealed class UnconfirmedWriteTests(SharedPair shared) : IClassFixture<SharedPair>, IAsyncLifetime
{
    private readonly ReplicatedPair _pair = shared.Pair;
    private readonly HostServices _sdk = HostServices.Over(shared.Pair.PrimaryFirst, options => options.CommandTimeout = TimeSpan.FromSeconds(1));

    public Task InitializeAsync() => _pair.KillStandbyAsync();

    public async Task DisposeAsync()
    {
        await _sdk.DisposeAsync();
        await _pair.RestartStandbyAsync();
    }

    [Fact]
    public async Task Write_that_no_standby_confirmed_in_time_is_not_acknowledged()
    {
        var failure = await Assert.ThrowsAnyAsync<NpgsqlException>(() => _sdk.Scripts.SaveAsync("unconfirmed"));

        Assert.Contains("no standby", failure.Message, StringComparison.Ordinal);
        Assert.Equal("unconfirmed", (await _sdk.Scripts.GetLatestAsync())?.Content); // it is there all the same, and reads go on
    }

    [Fact]
    public async Task Purge_by_the_tool_says_that_its_deletion_is_not_confirmed()
    {
        await Sql.ExecuteAsync(_pair.Primary, "SET synchronous_commit = local; INSERT INTO public.pipeline_runs (run_id, created_at) VALUES ('old', '2001-01-01')");

        var run = await CliRun.OfAsync(_pair.Primary + ";Command Timeout=1", "purge", "--run-age", "9000d");

        Assert.Contains("no standby confirmed it", run.Error, StringComparison.Ordinal);
        Assert.Equal((1, ""), (run.Code, run.Out));
    }

    [Fact]
    public async Task Write_that_is_cancelled_while_it_waits_for_a_standby_is_not_acknowledged()
    {
        using var cancellation = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));

        _ = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _sdk.Research.SaveAsync("topic", "content", cancellation.Token));
    }

    [Fact]
    public async Task Run_row_that_is_written_again_is_not_acknowledged_before_it_is_confirmed()
    {
        var entry = new RunLogEntry("repeated", "stage", RunStatus.Success) { Id = Guid.CreateVersion7() };
        for (var tries = 0; tries < 2; tries++)
        {
            _ = await Assert.ThrowsAnyAsync<NpgsqlException>(() => _sdk.Runs.WriteAsync(entry));
        }

        await _pair.RestartStandbyAsync();

        Assert.Equal(entry.Id, (await _sdk.Runs.WriteAsync(entry)).Id);
    }

    [Fact]
    public async Task Background_rows_wait_until_a_standby_has_confirmed_them()
    {
        // Without a key each batch is inserted so that it may be repeated.
        await Sql.ExecuteAsync(_pair.Primary, "SET synchronous_commit = local; ALTER TABLE public.pipeline_runs DROP CONSTRAINT pipeline_runs_pkey");
        _sdk.Runs.Enqueue(new RunLogEntry("queued", "stage", RunStatus.Success));
        var flushing = _sdk.Runs.FlushAsync();
        await Task.Delay(TimeSpan.FromSeconds(3)); // long enough for a second attempt, which finds the row on the primary
        Assert.False(flushing.IsCompleted);

        await _pair.RestartStandbyAsync();

        Assert.Equal((1, 0), ((await flushing).Written, (await flushing).Lost));
        Assert.Equal(1L, await Sql.ScalarAsync<long>(_pair.Primary, "SELECT count(*) FROM public.pipeline_runs WHERE run_id = 'queued'"));
        await Sql.ExecuteAsync(_pair.Primary, "ALTER TABLE public.pipeline_runs ADD CONSTRAINT pipeline_runs_pkey PRIMARY KEY (id)");
    }

    [Theory]
    [InlineData("scripts")]
    [InlineData("research_cache")]
    public async Task Write_whose_session_ended_before_the_confirmation_waits_for_it_again(string table)
    {
        await using var patient = HostServices.Over(_pair.Primary);
        var writing = table is "scripts" ? SaveAsync(patient) : StoreAsync(patient);
        var session = await WaitingSessionAsync(after: 0);
        await Sql.ExecuteAsync(_pair.Primary, "SELECT pg_terminate_backend($1)", session); // the row stays, and can be seen

        _ = await WaitingSessionAsync(after: session);
        Assert.False(writing.IsCompleted);
        await _pair.RestartStandbyAsync();

        Assert.Equal(1L, await Sql.ScalarAsync<long>(_pair.Primary, $"SELECT count(*) FROM public.{table} WHERE id = $1", await writing));
    }

    private static async Task<Guid> SaveAsync(HostServices host) => (await host.Scripts.SaveAsync("patient")).Id;

    private static async Task<Guid> StoreAsync(HostServices host) => (await host.Research.SaveAsync("patient", "content")).Id;

    private async Task<int> WaitingSessionAsync(int after)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        while (true)
        {
            var session = await Sql.ScalarAsync<int>(_pair.Primary, "SELECT pid FROM pg_stat_activity WHERE wait_event = 'SyncRep' AND pid <> $1", after);
            if (session != 0)
            {
                return session;
            }

            await Task.Delay(20, patience.Token);
        }
    }
}
