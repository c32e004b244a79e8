using AiSystemSpec.Sdk.IntegrationTests.Cli;
using AiSystemSpec.Sdk.IntegrationTests.Infrastructure;
using AiSystemSpec.Sdk.IntegrationTests.Migrations;
using Npgsql;

namespace AiSystemSpec.Sdk.IntegrationTests.Failover;

/// <summary>A primary and a standby that answers, confirms and shows nothing new; both stay what they are.</summary>
public sealed class LaggingStandbyTests(SharedPair shared) : IClassFixture<SharedPair>, IAsyncLifetime
{
    private readonly ReplicatedPair _pair = shared.Pair;

    public Task InitializeAsync() => _pair.PauseReplayAsync();

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task Services_and_migrations_go_to_the_primary_although_the_standby_is_named_first()
    {
        await using var host = HostServices.Over($"{_pair.StandbyFirst};Target Session Attributes=prefer-standby"); // no wish is taken
        var stored = await host.Research.SaveAsync("topic", "content");
        Assert.Equal(stored.Id, (await host.Research.GetFreshAsync("topic"))?.Id);
        Assert.Equal(0L, await Sql.ScalarAsync<long>(_pair.Standby, "SELECT count(*) FROM public.research_cache")); // it lags

        Assert.Equal(0, (await CliRun.OfAsync(_pair.StandbyFirst, "rollback", "CreateTables")).Code);
        Assert.Equal(3, (await CliRun.OfAsync(_pair.StandbyFirst, "status")).Code);
        Assert.Equal(0, (await CliRun.OfAsync(_pair.StandbyFirst, "migrate")).Code);
        Assert.Equal(0, (await CliRun.OfAsync(_pair.Primary, "verify", "--strict")).Code);
    }

    [Fact]
    public async Task Standby_alone_is_read_and_refused_for_changes_in_a_sentence()
    {
        var before = await DatabaseDigest.SchemaAsync(_pair.Primary);

        Assert.Equal(0, (await CliRun.OfAsync(_pair.Standby, "status")).Code);
        Assert.Equal(0, (await CliRun.OfAsync(_pair.Standby, "verify", "--strict")).Code);
        AssertRefused(await CliRun.OfAsync(_pair.Standby, "rollback", "CreateTables"), 1, "The server is a standby, which takes no changes. Connect to the primary.");
        AssertRefused(await CliRun.OfAsync(_pair.Standby, "adopt"), 1, "The server is a standby, which takes no changes. Connect to the primary.");
        var standby = new NpgsqlConnectionStringBuilder(_pair.Standby);
        standby.Host = $"{standby.Host}:{standby.Port},{standby.Host}:{FreePort.Next()}";
        foreach (var command in new[] { "status", "migrate", "adopt" })
        {
            AssertRefused(await CliRun.OfAsync(standby.ConnectionString, command), 5, $"None of the hosts {standby.Host} is a primary that answers and takes writes: Failed to connect");
        }

        Assert.Equal(before, await DatabaseDigest.SchemaAsync(_pair.Primary));
    }

    private void AssertRefused(CliRun run, int code, string said)
    {
        Assert.StartsWith(said, run.Error, StringComparison.Ordinal);
        Assert.Equal((code, ""), (run.Code, run.Out));
        Assert.DoesNotContain("   at ", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(new NpgsqlConnectionStringBuilder(_pair.Primary).Password!, run.Error, StringComparison.Ordinal);
    }
}
