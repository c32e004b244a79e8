using System.Text.Json.Nodes;
using AiSystemSpec.Sdk.IntegrationTests.Infrastructure;
using AiSystemSpec.Sdk.IntegrationTests.Runs.Writing;
using Xunit.Abstractions;

namespace AiSystemSpec.Sdk.IntegrationTests.Runs;

/// <summary>
/// A random fault in the spool's folder while rows are handed over and the database is away: afterwards each row is in the table once, or
/// set aside, or counted as lost. <c>AISYSTEMSPEC_SEED</c> repeats a run.
/// </summary>
public sealed class SpoolFaultTests(PostgresFixture postgres, ITestOutputHelper output) : IClassFixture<PostgresFixture>
{
    private const int Rows = 600;
    private const int Kinds = 7;

    [Fact]
    public Task Every_row_is_in_the_table_once_or_set_aside_or_counted() => TryAsync(Kinds);

    [Fact]
    [Trait("Category", "Long")]
    public Task Every_row_is_in_the_table_once_or_set_aside_or_counted_every_time() => TryAsync(Trials.Count(few: Kinds, full: 200));

    private async Task TryAsync(int rounds)
    {
        var seed = RandomSeed.Take(output.WriteLine);
        var sums = new long[3];
        for (var round = 0; round < rounds; round++)
        {
            var random = new Random(unchecked(seed + round));
            var (table, setAside, lost) = await RoundAsync(round % Kinds, random);
            Assert.True(table + setAside + lost == Rows, $"round {round}, fault {round % Kinds}, seed {seed}: {table} in the table, {setAside} set aside, {lost} counted, of {Rows}");
            (sums[0], sums[1], sums[2]) = (sums[0] + table, sums[1] + setAside, sums[2] + lost);
        }

        output.WriteLine($"{rounds} faults: {rounds * Rows} rows handed over = {sums[0]} in the table once + {sums[1]} set aside + {sums[2]} counted as lost");
    }

    private async Task<(long Table, long SetAside, long Lost)> RoundAsync(int kind, Random random)
    {
        using var disk = new SmallDisk(kind == 4 ? 48 : 4_096);
        await using var server = new OutageProxy(postgres.ConnectionString);
        var run = $"fault-{Guid.NewGuid():N}";
        var fault = new SpoolFault(disk.Path, random);
        var setAside = new HashSet<int>();
        var host = Host(server, disk);
        await using (host)
        {
            server.TakeAway();
            var load = Task.Run(() => Load(host, run, random.Next(1, 4)));
            await Task.Delay(random.Next(20, 120));
            await fault.MakeAsync(kind, server.ConnectionString);
            await load;
            server.BringBack();
            await EndAsync(host);
            setAside.UnionWith(SetAside(disk, run)); // also on a file system that is about to go
            fault.End();
            await EndAsync(host);
        }

        var next = Host(server, disk);
        await using (next)
        {
            await EndAsync(next);
        }

        var table = await Sql.ScalarAsync<long>(postgres.ConnectionString, "SELECT count(*) FROM public.pipeline_runs WHERE run_id = $1", run);
        var distinct = await Sql.ScalarAsync<long>(postgres.ConnectionString, "SELECT count(DISTINCT attempts) FROM public.pipeline_runs WHERE run_id = $1", run);
        Assert.Equal(distinct, table);
        setAside.UnionWith(SetAside(disk, run));
        return (table, setAside.Count, host.State.Lost + next.State.Lost);
    }

    private static IEnumerable<int> SetAside(SmallDisk disk, string run) =>
        Directory.EnumerateFiles(disk.Path, "set-aside*.jsonl").SelectMany(File.ReadLines).Where(line => line.Contains(run, StringComparison.Ordinal))
            .Select(line => (int)JsonNode.Parse(line)!["attempts"]!);

    private static RunLogHost Host(OutageProxy server, SmallDisk disk) => new(server.ConnectionString, options =>
    {
        options.RunLog.SpoolDirectory = disk.Path;
        options.RunLog.SpoolMaxBytes = disk.IsMounted ? 1L << 20 : 48 << 10;
    });

    private static async Task Load(RunLogHost host, string run, int pause)
    {
        for (var number = 1; number <= Rows; number++)
        {
            var isBad = number % 97 == 0; // the database refuses the number
            host.Logger.Enqueue(new RunLogEntry(run, "load", RunStatus.Success)
            {
                Attempts = number,
                InputRefs = new JsonObject { ["number"] = JsonNode.Parse(isBad ? "1e200000" : "1"), ["text"] = new string('x', number % 100) },
            });
            if (number % 10 == 0)
            {
                await Task.Delay(pause);
            }
        }
    }

    private static async Task EndAsync(RunLogHost host)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (true)
        {
            if (await host.FlushAsync() is { Spooled: 0, Waiting: 0 })
            {
                return;
            }

            await Task.Delay(50, patience.Token);
        }
    }
}
