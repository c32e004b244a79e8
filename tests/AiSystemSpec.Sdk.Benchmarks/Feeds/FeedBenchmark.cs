using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using AiSystemSpec.Sdk.Benchmarks.Databases;
using AiSystemSpec.Sdk.Benchmarks.Harness;
using Npgsql;

namespace AiSystemSpec.Sdk.Benchmarks.Feeds;

/// <summary>
/// How long a script takes from its commit to its delivery, beside the two obvious ways; and what a watch costs the server where nothing comes.
/// </summary>
internal static class FeedBenchmark
{
    private const int WritesPerSecond = 100;
    private static readonly TimeSpan SecondsOfRound = TimeSpan.FromSeconds(2);
    private const double MostOfCore = 0.01;
    private const double MostGrowth = 2;
    private const string Trigger =
        """
        CREATE FUNCTION public.tell() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_notify('scripts', NEW.id::text); RETURN NEW; END $$;
        CREATE TRIGGER tell AFTER INSERT ON public.scripts FOR EACH ROW EXECUTE FUNCTION public.tell();
        """;

    private static readonly int[] Sizes = [1_000, 100_000, 1_000_000];

    public static async Task RunAsync(BenchmarkServer server, RunOptions options)
    {
        await DelayAsync(server, options);
        await IdleAsync(server, options);
    }

    private static async Task DelayAsync(BenchmarkServer server, RunOptions options)
    {
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"\nFrom commit to delivery, {WritesPerSecond} scripts a second, the least pause of each 1 s (100 ms)"));
        foreach (var poll in (TimeSpan[])[TimeSpan.FromSeconds(1), TimeSpan.FromMilliseconds(100)])
        {
            var database = await server.CreateDatabaseAsync();
            await using var host = new SdkHost(database);
            var watch = new ScriptWatchOptions { MinPoll = poll };
            await MeasureAsync(database, options.Rounds, $"SDK, WatchAsync, {poll.TotalMilliseconds:N0} ms", async (seen, token) =>
            {
                await foreach (var change in host.Scripts.WatchAsync(options: watch, cancellationToken: token))
                {
                    seen(change.Script.Id);
                }
            });
            await MeasureAsync(database, options.Rounds, $"SELECT … created_at > last, {poll.TotalMilliseconds:N0} ms", (seen, token) => PollAsync(database, poll, seen, token));
        }

        var notified = await server.CreateDatabaseAsync();
        await BenchmarkServer.ExecuteAsync(notified, Trigger);
        await MeasureAsync(notified, options.Rounds, "LISTEN, a trigger", (seen, token) => ListenAsync(notified, seen, token));
    }

    private static async Task MeasureAsync(string database, int rounds, string name, Func<Action<Guid>, CancellationToken, Task> read)
    {
        var (committed, delays) = (new ConcurrentDictionary<Guid, long>(), new ConcurrentBag<double>());
        using var end = new CancellationTokenSource();
        var warm = new TaskCompletionSource();
        var reader = Task.Run(() => read(id => Note(id), end.Token));
        await WarmUpAsync(database, warm);
        var time = rounds * SecondsOfRound;
        await using (var source = NpgsqlDataSource.Create(database))
        {
            var clock = Stopwatch.StartNew();
            for (var i = 0; clock.Elapsed < time; i++)
            {
                var id = Guid.NewGuid();
                await using var insert = source.CreateCommand("INSERT INTO public.scripts (id, content) VALUES ($1, 'a script')");
                insert.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = id });
                committed[id] = Stopwatch.GetTimestamp(); // a little before the commit: the delay is overstated by the insert itself
                _ = await insert.ExecuteNonQueryAsync();
                var due = TimeSpan.FromSeconds((i + 1.0) / WritesPerSecond) - clock.Elapsed;
                await Task.Delay(due > TimeSpan.Zero ? due : TimeSpan.Zero);
            }
        }

        for (var tries = 0; delays.Count < committed.Count && tries < 400; tries++)
        {
            await Task.Delay(10);
        }

        await end.CancelAsync();
        await reader.ContinueWith(_ => { }, TaskScheduler.Default);
        var sorted = delays.Order().ToList();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"  {name,-36} p50 {sorted[sorted.Count / 2],8:N1} ms   p99 {sorted[sorted.Count * 99 / 100],8:N1} ms   {sorted.Count} of {committed.Count} delivered"));

        void Note(Guid id)
        {
            _ = warm.TrySetResult();
            if (committed.TryRemove(id, out var at))
            {
                delays.Add(Stopwatch.GetElapsedTime(at).TotalMilliseconds);
                _ = committed.TryAdd(Guid.NewGuid(), 0); // keeps the count
            }
        }
    }

    /// <summary>Lets the reader take its first script, for which code is compiled and connections are opened.</summary>
    private static async Task WarmUpAsync(string database, TaskCompletionSource delivered)
    {
        await Task.Delay(1_000);
        await BenchmarkServer.ExecuteAsync(database, "INSERT INTO public.scripts (content) VALUES ('first')");
        await delivered.Task;
    }

    private static async Task PollAsync(string database, TimeSpan pause, Action<Guid> seen, CancellationToken cancellationToken)
    {
        await using var source = NpgsqlDataSource.Create(database);
        var last = DateTime.MinValue.ToUniversalTime();
        while (true)
        {
            await using (var command = source.CreateCommand("SELECT id, created_at, content FROM public.scripts WHERE created_at > $1 ORDER BY created_at"))
            {
                command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = last });
                await using var reader = await command.ExecuteReaderAsync(cancellationToken);
                while (await reader.ReadAsync(cancellationToken))
                {
                    last = reader.GetDateTime(1);
                    seen(reader.GetGuid(0));
                }
            }

            await Task.Delay(pause, cancellationToken);
        }
    }

    private static async Task ListenAsync(string database, Action<Guid> seen, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(database);
        await connection.OpenAsync(cancellationToken);
        connection.Notification += (_, notification) => seen(Guid.Parse(notification.Payload));
        await using (var listen = new NpgsqlCommand("LISTEN scripts", connection))
        {
            _ = await listen.ExecuteNonQueryAsync(cancellationToken);
        }

        while (true)
        {
            await connection.WaitAsync(cancellationToken);
        }
    }

    private static async Task IdleAsync(BenchmarkServer server, RunOptions options)
    {
        var minutes = options.Rounds >= 9 ? 2 : 1;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"\nCPU of the server for one watch, scripts of 4 KB, over {minutes} min each: at rest, and while another table takes 100 transactions a second"));
        var rest = new List<double>();
        foreach (var size in Sizes)
        {
            var database = await server.CreateDatabaseAsync();
            await BenchmarkServer.ExecuteAsync(
                database, $"INSERT INTO public.scripts (content, created_at) SELECT repeat(md5(i::text), 125), now() - i * interval '1 s' FROM generate_series(1, {size}) i");
            await BenchmarkServer.ExecuteAsync(database, "CREATE TABLE public.other (number bigint)");
            await BenchmarkServer.VacuumAsync(database);
            var quiet = await IdleAsync(database, minutes, isBusy: false);
            var busy = await IdleAsync(database, minutes, isBusy: true);
            rest.Add(quiet);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"  {size,9:N0} scripts   at rest {quiet * 1_000,7:N1} ms a minute   busy {busy * 1_000,8:N1} ms a minute, {busy / 60:P2} of a core  {(busy / 60 <= MostOfCore ? "meets" : "MISSES")} ≤ {MostOfCore:P0}"));
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"  at rest, most to least: {rest.Max() / rest.Min():N2}  {(rest.Max() / rest.Min() <= MostGrowth ? "meets" : "MISSES")} ≤ {MostGrowth:N0}"));
    }

    /// <summary>Measures the seconds of CPU a minute of the watch's own connections.</summary>
    private static async Task<double> IdleAsync(string database, int minutes, bool isBusy)
    {
        const string name = "watched";
        await using var host = new SdkHost(new NpgsqlConnectionStringBuilder(database) { ApplicationName = name, MaxPoolSize = 1 }.ConnectionString);
        using var end = new CancellationTokenSource();
        var looked = new TaskCompletionSource();
        var options = new ScriptWatchOptions { FromNow = true, OnProgress = _ => looked.TrySetResult() };
        var watch = Task.Run(async () =>
        {
            await foreach (var change in host.Scripts.WatchAsync(options: options, cancellationToken: end.Token))
            {
                _ = change;
            }
        });
        var writes = isBusy ? Task.Run(() => WriteAsync(database, end.Token)) : Task.CompletedTask;
        await looked.Task;
        var before = await CpuAsync(database, name);
        await Task.Delay(TimeSpan.FromMinutes(minutes));
        var after = await CpuAsync(database, name);
        await end.CancelAsync();
        await Task.WhenAll(watch, writes).ContinueWith(_ => { }, TaskScheduler.Default);
        return (after - before).TotalSeconds / minutes;
    }

    private static async Task WriteAsync(string database, CancellationToken cancellationToken)
    {
        await using var source = NpgsqlDataSource.Create(database);
        while (true)
        {
            await using var insert = source.CreateCommand("INSERT INTO public.other VALUES (1)");
            _ = await insert.ExecuteNonQueryAsync(cancellationToken);
            await Task.Delay(10, cancellationToken);
        }
    }

    private static async Task<TimeSpan> CpuAsync(string database, string name)
    {
        await using var source = NpgsqlDataSource.Create(database);
        await using var command = source.CreateCommand($"SELECT pid FROM pg_stat_activity WHERE application_name = '{name}'");
        var used = TimeSpan.Zero;
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            using var process = Process.GetProcessById(reader.GetInt32(0));
            used += process.TotalProcessorTime;
        }

        return used;
    }
}
