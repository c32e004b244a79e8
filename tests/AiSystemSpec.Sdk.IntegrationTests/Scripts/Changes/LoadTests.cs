using System.Collections.Concurrent;
using AiSystemSpec.Sdk.IntegrationTests.Infrastructure;
using Npgsql;
using Xunit.Abstractions;

namespace AiSystemSpec.Sdk.IntegrationTests.Scripts.Changes;

/// <summary>Eight writers at once, each in its own way, and readers that stop and go on: nothing is missed.</summary>
public sealed class LoadTests(FeedServer server, ITestOutputHelper output) : IClassFixture<FeedServer>, IAsyncLifetime
{
    private const int Writers = 8;

    private readonly ConcurrentDictionary<Guid, int> _watched = [];
    private readonly ConcurrentDictionary<Guid, int> _looked = [];
    private string _database = "";

    public async Task InitializeAsync() => _database = await server.CreateDatabaseAsync();

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public Task Every_script_of_a_load_comes() => RunAsync(2_000, TimeSpan.FromSeconds(2));

    [Fact]
    [Trait("Category", "Long")]
    public Task Every_script_of_a_long_load_comes() =>
        RunAsync(Trials.Count(few: 2_000, full: 100_000), TimeSpan.FromSeconds(Trials.Count(few: 2, full: 120)));

    private async Task RunAsync(int scripts, TimeSpan longest)
    {
        var seed = RandomSeed.Take(output.WriteLine);
        using var end = new CancellationTokenSource();
        Task[] readers = [WatchAsync(new Random(seed), end.Token), LookAsync(end.Token)];
        var committed = new ConcurrentBag<Guid>();
        var left = scripts;
        Task[] writers =
        [
            HoldOpenAsync(longest, committed),
            .. Enumerable.Range(0, Writers).Select(writer => Task.Run(async () =>
            {
                var random = new Random(seed + writer);
                await using var connection = await Sql.OpenAsync(_database);
                while (Interlocked.Add(ref left, -5) >= 0)
                {
                    await WriteAsync(connection, random, committed);
                }
            })),
        ];
        await Task.WhenAll(writers);
        await Until.TrueAsync(() => committed.All(_watched.ContainsKey) && committed.All(_looked.ContainsKey));
        await end.CancelAsync();
        foreach (var reader in readers)
        {
            _ = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reader);
        }

        output.WriteLine(
            $"{committed.Count} scripts of {Writers} writers: 0 missed; again to the watch that stopped and went on {_watched.Values.Sum() - _watched.Count}, to looks {_looked.Values.Sum() - _looked.Count} (beside an open transaction)");
    }

    private static async Task WriteAsync(NpgsqlConnection connection, Random random, ConcurrentBag<Guid> committed)
    {
        Guid[] ids = [.. Enumerable.Range(0, 5).Select(_ => Guid.NewGuid())];
        var kind = random.Next(6);
        await ExecuteAsync(connection, "BEGIN");
        for (var i = 0; i < ids.Length; i++)
        {
            await ExecuteAsync(connection, kind == 1 ? "SAVEPOINT point" : "SELECT 1");
            await ExecuteAsync(connection, $"INSERT INTO public.scripts (id, content, created_at) VALUES ('{ids[i]}', '{i}', {(kind == 2 ? "'2020-01-01'" : "now()")})");
            if (kind == 3 && i == 2)
            {
                await Task.Delay(random.Next(200));
            }
        }

        switch (kind)
        {
            case 4:
                await ExecuteAsync(connection, "ROLLBACK");
                return;
            case 5:
                var name = $"prepared-{ids[0]:N}";
                await ExecuteAsync(connection, $"PREPARE TRANSACTION '{name}'");
                await Task.Delay(random.Next(100));
                await ExecuteAsync(connection, $"COMMIT PREPARED '{name}'");
                break;
            default:
                await ExecuteAsync(connection, "COMMIT");
                break;
        }

        foreach (var id in ids)
        {
            committed.Add(id);
        }
    }

    /// <summary>One transaction that is open for long.</summary>
    private async Task HoldOpenAsync(TimeSpan time, ConcurrentBag<Guid> committed)
    {
        var id = Guid.NewGuid();
        await using var connection = await Sql.OpenAsync(_database);
        await ExecuteAsync(connection, "BEGIN");
        await ExecuteAsync(connection, $"INSERT INTO public.scripts (id, content) VALUES ('{id}', 'long')");
        await Task.Delay(time);
        await ExecuteAsync(connection, "COMMIT");
        committed.Add(id);
    }

    /// <summary>Stops now and then, and goes on with the cursor of the last script, in another host.</summary>
    private async Task WatchAsync(Random random, CancellationToken cancellationToken)
    {
        string? cursor = null;
        var options = new ScriptWatchOptions { MinPoll = TimeSpan.FromMilliseconds(20), MaxPoll = TimeSpan.FromMilliseconds(100) };
        while (true)
        {
            await using var host = HostServices.Over(_database);
            var left = random.Next(100, 5_000);
            await foreach (var change in host.Scripts.WatchAsync(cursor, options, cancellationToken))
            {
                _ = _watched.AddOrUpdate(change.Script.Id, 1, (_, times) => times + 1);
                cursor = change.Cursor;
                if (--left == 0)
                {
                    break;
                }
            }
        }
    }

    private async Task LookAsync(CancellationToken cancellationToken)
    {
        await using var host = HostServices.Over(_database);
        string? cursor = null;
        while (true)
        {
            var changes = await host.Scripts.GetChangesAsync(cursor, 1_000, cancellationToken);
            foreach (var change in changes.Items)
            {
                _ = _looked.AddOrUpdate(change.Script.Id, 1, (_, times) => times + 1);
            }

            cursor = changes.Cursor;
            await (changes.HasMore ? Task.CompletedTask : Task.Delay(50, cancellationToken));
        }
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = Sql.Command(connection, sql);
        _ = await command.ExecuteNonQueryAsync();
    }
}
