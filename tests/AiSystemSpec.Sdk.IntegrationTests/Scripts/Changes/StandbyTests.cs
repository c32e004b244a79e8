using AiSystemSpec.Sdk.IntegrationTests.Infrastructure;
using Npgsql;

namespace AiSystemSpec.Sdk.IntegrationTests.Scripts.Changes;

/// <summary>A standby is read, and becomes the primary.</summary>
public sealed class StandbyTests
{
    [Fact]
    public async Task Standby_shows_late_commits_and_savepoints_too()
    {
        await using var pair = await ReplicatedPair.StartAsync();
        await using var host = HostServices.Over(pair.Standby);
        await using var watching = new Watching(host.Scripts);
        await watching.LookAsync();
        foreach (var scenario in (string[])["late commit", "exception block", "rollbacks", "one transaction of many rows"])
        {
            await Sql.ExecuteAsync(pair.Primary, "DELETE FROM public.scripts");
            var expected = await WriterScenarios.All[scenario](new WriterScenarios(pair.Primary, watching.LookAsync));
            await watching.HasAsync(expected);
        }
    }

    [Fact]
    public Task Nothing_is_missed_over_a_promotion() => PromoteAsync(1);

    [Fact]
    [Trait("Category", "Long")]
    public Task Nothing_is_missed_over_a_promotion_every_time() => PromoteAsync(Trials.Count(few: 1, full: 20));

    private static async Task PromoteAsync(int promotions)
    {
        for (var promotion = 0; promotion < promotions; promotion++)
        {
            await using var pair = await ReplicatedPair.StartAsync();
            await using var host = HostServices.Over(pair.PrimaryFirst);
            await using var watching = new Watching(host.Scripts);
            var session = new FeedSession(host.Scripts);
            var delivered = new HashSet<Guid>();
            for (var i = 0; i < 100; i++)
            {
                _ = await host.Scripts.SaveAsync($"before {i}");
                if (i % 10 == 9)
                {
                    delivered.UnionWith((await session.LookForScriptsAsync()).Select(script => script.Id));
                }
            }

            await pair.KillPrimaryAsync();
            await pair.PromoteAsync();
            for (var i = 0; i < 20; i++)
            {
                _ = await host.Scripts.SaveAsync($"after {i}");
            }

            delivered.UnionWith((await session.LookForScriptsAsync()).Select(script => script.Id));
            var all = await AllAsync(pair.Standby);
            Assert.Equal(120, all.Count);
            Assert.Empty(all.Except(delivered));
            await Until.TrueAsync(() => !all.Except(watching.Changes.Select(change => change.Script.Id)).Any());
        }
    }

    private static async Task<List<Guid>> AllAsync(string connectionString)
    {
        await using var connection = await Sql.OpenAsync(connectionString);
        await using var command = new NpgsqlCommand("SELECT id FROM public.scripts", connection);
        await using var reader = await command.ExecuteReaderAsync();
        var ids = new List<Guid>();
        while (await reader.ReadAsync())
        {
            ids.Add(reader.GetGuid(0));
        }

        return ids;
    }
}
