using System.Globalization;
using AiSystemSpec.Sdk.IntegrationTests.Infrastructure;
using AiSystemSpec.Sdk.IntegrationTests.Runs;
using Xunit.Abstractions;

namespace AiSystemSpec.Sdk.IntegrationTests.Failover;

/// <summary>kill -9 of the primary under load, with synchronous replication; the standby is promoted a moment later.</summary>
public sealed class KilledPrimaryTests(ITestOutputHelper output)
{
    // Longer than the retries that a single host gets, too.
    private const int PatientPromotion = 3_000;

    [Fact]
    public Task Every_caller_goes_on_and_no_acknowledged_write_is_lost_or_doubled() => KillAndPromoteAsync(2);

    [Fact]
    [Trait("Category", "Long")]
    public Task Every_caller_goes_on_and_no_acknowledged_write_is_lost_or_doubled_in_every_trial() =>
        KillAndPromoteAsync(Infrastructure.Trials.Count(few: 2, full: 20));

    private async Task KillAndPromoteAsync(int trials)
    {
        var writes = 0;
        for (var trial = 0; trial < trials; trial++)
        {
            using var spool = new SpoolDirectory();
            await using var pair = await ReplicatedPair.StartAsync();
            var connectionString = trial % 2 == 0 ? pair.PrimaryFirst : pair.StandbyFirst;
            await using var host = HostServices.Over(connectionString);
            await using var spooling = HostServices.Over(connectionString, options => options.RunLog.SpoolDirectory = spool.Path);
            var load = new Load(host, spooling);
            load.Start();
            await load.GoOnAsync(3);

            await Task.Delay(Random.Shared.Next(300));
            await pair.KillPrimaryAsync();
            await Task.Delay(Random.Shared.Next(500) + (trial % 2 == 0 ? 0 : PatientPromotion));
            await pair.PromoteAsync();

            await load.GoOnAsync(3);
            await load.StopAsync();
            Assert.Empty(load.Failures.Select(failure => failure.Message)); // promoted within the time that is bridged: everybody waited
            await load.AssertStoredOnceAsync(pair.Standby);
            writes += load.Acknowledged.Count;
        }

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{trials} failovers, {writes} writes acknowledged and found once, no failure"));
    }
}
