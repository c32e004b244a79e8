using AiSystemSpec.Sdk.IntegrationTests.Infrastructure;
using Npgsql;

namespace AiSystemSpec.Sdk.IntegrationTests.Failover;

/// <summary>
/// The standby is gone and confirms nothing. When a commit's wait for it is cancelled, PostgreSQL answers with success and a warning: a row that
/// the next failover loses.
/// </summary>
public sealed class UnconfirmedWriteTests : IAsyncLifetime
{
    private ReplicatedPair _pair = null!;
    private HostServices _sdk = null!;

    public async Task InitializeAsync()
    {
        _pair = await ReplicatedPair.StartAsync();
        _sdk = HostServices.Over(_pair.PrimaryFirst, options => options.CommandTimeout = TimeSpan.FromSeconds(1));
        _ = await _sdk.Scripts.SaveAsync("confirmed");
        await _pair.KillStandbyAsync();
    }

    public async Task DisposeAsync()
    {
        await _sdk.DisposeAsync();
        await _pair.DisposeAsync();
    }

    [Fact]
    public async Task Write_that_no_standby_confirmed_in_time_is_not_acknowledged()
    {
        var failure = await Assert.ThrowsAnyAsync<NpgsqlException>(() => _sdk.Scripts.SaveAsync("unconfirmed"));

        Assert.Contains("no standby", failure.Message, StringComparison.Ordinal);
        Assert.Equal("confirmed", (await _sdk.Scripts.GetAsync(await IdOfAsync("confirmed")))?.Content); // reads go on
    }

    [Fact]
    public async Task Write_that_is_cancelled_while_it_waits_for_a_standby_is_not_acknowledged()
    {
        using var cancellation = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));

        _ = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _sdk.Research.StoreAsync("topic", "content", cancellation.Token));
    }

    [Fact]
    public async Task Background_rows_wait_until_a_standby_has_confirmed_them()
    {
        _sdk.Runs.Enqueue(new RunLogEntry("run", "stage", RunStatus.Success));
        var flushing = _sdk.Runs.FlushAsync();
        await Task.Delay(TimeSpan.FromSeconds(3)); // long enough for a second attempt, which finds the row on the primary
        Assert.False(flushing.IsCompleted);

        await _pair.RestartStandbyAsync();

        Assert.Equal((1, 0), ((await flushing).Written, (await flushing).Dropped));
        Assert.Equal(1L, await Sql.ScalarAsync<long>(_pair.Primary, "SELECT count(*) FROM public.pipeline_runs"));
    }

    private Task<Guid> IdOfAsync(string script) => Sql.ScalarAsync<Guid>(_pair.Primary, "SELECT id FROM public.scripts WHERE content = $1", script);
}
