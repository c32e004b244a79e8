using System.Net.Sockets;
using AiSystemSpec.Sdk.IntegrationTests.Infrastructure;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace AiSystemSpec.Sdk.IntegrationTests.Failover;

/// <summary>A standby becomes the primary: who follows it there.</summary>
public sealed class PromotionTests
{
    [Fact]
    public async Task Data_source_of_the_host_is_bridged_too()
    {
        await using var pair = await ReplicatedPair.StartAsync();
        await using var source = new NpgsqlDataSourceBuilder(pair.StandbyFirst).BuildMultiHost();
        await using var host = HostServices.Over(source);
        _ = await host.Scripts.SaveAsync("before");
        await pair.KillPrimaryAsync();

        var saving = host.Scripts.SaveAsync("after");
        await Task.Delay(TimeSpan.FromSeconds(3)); // longer than the retries that a single host gets
        await pair.PromoteAsync();

        Assert.Equal((await saving).Id, (await host.Scripts.GetLatestAsync())?.Id);
    }

    [Fact]
    public async Task Session_on_a_primary_that_became_read_only_is_left_for_the_new_one()
    {
        await using var pair = await ReplicatedPair.StartAsync();
        await using var host = HostServices.Over(pair.PrimaryFirst);
        _ = await Task.WhenAll(Enumerable.Range(0, 10).Select(number => host.Scripts.SaveAsync($"before {number}"))); // connections that wait in the pool
        await pair.MakePrimaryReadOnlyAsync();

        var saving = host.Scripts.SaveAsync("after");
        await Task.Delay(500);
        await pair.PromoteAsync();

        var saved = await saving;
        Assert.Equal("after", await Sql.ScalarAsync<string>(pair.Standby, "SELECT content FROM public.scripts WHERE id = $1", saved.Id));
        Assert.Equal(saved.Id, (await host.Scripts.GetLatestAsync())?.Id); // reads left it, too
    }

    [Fact]
    public async Task Linq_of_the_host_finds_the_new_primary_by_itself()
    {
        await using var pair = await ReplicatedPair.StartAsync();
        await using var host = HostServices.Over(pair.PrimaryFirst);
        var contexts = host.Services.GetRequiredService<IDbContextFactory<AiSystemSpecDbContext>>();
        Assert.Equal(0, await CountAsync(contexts));
        await pair.KillPrimaryAsync();
        _ = await Assert.ThrowsAnyAsync<Exception>(() => CountAsync(contexts)); // and now what the hosts are is remembered
        _ = await Assert.ThrowsAnyAsync<Exception>(() => CountAsync(contexts));
        await pair.PromoteAsync();

        for (var tries = 0; ; tries++)
        {
            try
            {
                Assert.Equal(0, await CountAsync(contexts));
                return;
            }
            catch (Exception exception) when (exception.GetBaseException() is NpgsqlException or SocketException && tries < 20)
            {
                await Task.Delay(500);
            }
        }
    }

    [Fact]
    public async Task Research_that_is_under_way_is_stored_although_its_lock_died_with_the_primary()
    {
        await using var pair = await ReplicatedPair.StartAsync();
        await using var host = HostServices.Over(pair.PrimaryFirst);

        var result = await host.Research.GetOrResearchAsync("topic", async (_, _) =>
        {
            await pair.KillPrimaryAsync();
            await pair.PromoteAsync();
            return "content";
        });

        Assert.Equal((ResearchOutcome.Researched, true), (result.Outcome, result.Saved));
        var other = await host.Research.GetOrResearchAsync("other", (_, _) => Locks(pair.Standby)); // locks are had on the new primary
        Assert.Equal("1", other.Entry.Content);
        Assert.Equal("0", await Locks(pair.Standby));
    }

    private static async Task<int> CountAsync(IDbContextFactory<AiSystemSpecDbContext> contexts)
    {
        await using var context = await contexts.CreateDbContextAsync();
        return await context.Scripts.CountAsync();
    }

    private static async Task<string> Locks(string connectionString) =>
        await Sql.ScalarAsync<string>(connectionString, "SELECT count(*)::text FROM pg_locks WHERE locktype = 'advisory'") ?? "";
}
