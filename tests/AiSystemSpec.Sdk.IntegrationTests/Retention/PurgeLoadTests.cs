using System.Diagnostics;
using AiSystemSpec.Sdk.IntegrationTests.Infrastructure;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Xunit.Abstractions;

namespace AiSystemSpec.Sdk.IntegrationTests.Retention;

/// <summary>Half of a large table is purged while others read and write it, the rows that are being deleted included.</summary>
public sealed class PurgeLoadTests(PostgresFixture postgres, ITestOutputHelper output) : IClassFixture<PostgresFixture>
{
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(3);

    private readonly string _database = postgres.ConnectionString;

    [Fact]
    public Task Readers_and_writers_go_on_while_half_of_a_table_is_purged() => PurgeUnderLoadAsync(rows: 40_000);

    [Fact]
    [Trait("Category", "Long")]
    public Task Readers_and_writers_go_on_while_a_million_rows_are_purged() => PurgeUnderLoadAsync(Trials.Count(few: 40_000, full: 2_000_000));

    private async Task PurgeUnderLoadAsync(int rows)
    {
        await FillAsync(rows);
        await using var sdk = HostServices.Over(_database);
        await using var source = NpgsqlDataSource.Create(_database);
        using var stop = new CancellationTokenSource();
        var (reads, writes, changes) = (new Pauses(), new Pauses(), new Pauses());
        Task[] load =
        [
            reads.RepeatAsync(i => sdk.Research.GetFreshAsync($"young {i % 1000}").AsTask(), stop.Token),
            writes.RepeatAsync(i => sdk.Research.StoreAsync($"new {i}", "x"), stop.Token),
            changes.RepeatAsync(i => ChangeAsync(source, (int)((i * 7919L) % rows)), stop.Token),
        ];
        await Task.Delay(TimeSpan.FromSeconds(2));
        var alone = (reads.TakeLongest(), writes.TakeLongest(), changes.TakeLongest());

        var began = Stopwatch.StartNew();
        var options = new RetentionOptions { ResearchAge = TimeSpan.FromDays(30) };
        var result = await sdk.Services.GetRequiredService<IRetention>().PurgeAsync(options);
        var took = began.Elapsed;
        var during = (Read: reads.TakeLongest(), Write: writes.TakeLongest(), Change: changes.TakeLongest());
        await stop.CancelAsync();
        await Task.WhenAll(load);

        output.WriteLine($"{result.ResearchRows:N0} of {rows:N0} rows in {result.Batches:N0} batches, {took.TotalSeconds:F1} s, beside {reads.Count:N0} reads, {writes.Count:N0} inserts, {changes.Count:N0} updates. "
            + $"Longest pause during the purge (in the 2 s before): reader {Show(during.Read)} ({Show(alone.Item1)}), inserting writer {Show(during.Write)} ({Show(alone.Item2)}), "
            + $"writer to the rows being deleted {Show(during.Change)} ({Show(alone.Item3)}).");
        Assert.All(new[] { during.Read, during.Write, during.Change }, pause => Assert.True(pause < Moment, $"a pause of {Show(pause)}"));
        Assert.True(result.ResearchRows > rows * 4 / 10); // what was changed meanwhile is left for the next
        var rest = await sdk.Services.GetRequiredService<IRetention>().PurgeAsync(options);
        Assert.Equal(rows / 2, result.ResearchRows + rest.ResearchRows);
        Assert.Equal((rows / 2) + writes.Count, await Sql.ScalarAsync<long>(_database, "SELECT count(*) FROM public.research_cache"));
    }

    private static string Show(TimeSpan pause) => $"{pause.TotalMilliseconds:F0} ms";

    private static async Task ChangeAsync(NpgsqlDataSource source, int number)
    {
        await using var command = source.CreateCommand("UPDATE public.research_cache SET content = 'changed' WHERE id = pg_catalog.md5(CAST($1 AS pg_catalog.text))::pg_catalog.uuid");
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = number });
        _ = await command.ExecuteNonQueryAsync();
    }

    // Every second row is old, so that each page of the table is touched.
    private async Task FillAsync(int rows)
    {
        await Sql.ExecuteAsync(_database, "TRUNCATE public.research_cache");
        for (var first = 0; first < rows; first += 40_000)
        {
            await Sql.ExecuteAsync(
                _database,
                """
                INSERT INTO public.research_cache (id, topic, content, created_at)
                SELECT md5(n::text)::uuid, CASE n % 2 WHEN 0 THEN 'old ' || n ELSE 'young ' || n % 1000 END, repeat('x', 300), now() - CASE n % 2 WHEN 0 THEN interval '90 days' ELSE interval '1 day' END
                FROM generate_series($1, $2) AS n
                """,
                first,
                Math.Min(first + 40_000, rows) - 1);
        }

        await Sql.ExecuteAsync(_database, "ANALYZE public.research_cache");
    }

    /// <summary>One caller that does one thing after the other, and how long the longest took.</summary>
    private sealed class Pauses
    {
        private long _longest;

        public long Count { get; private set; }

        public async Task RepeatAsync(Func<int, Task> work, CancellationToken stop)
        {
            for (var i = 0; !stop.IsCancellationRequested; i++)
            {
                var began = Stopwatch.GetTimestamp();
                await work(i);
                Count++;
                Note(Stopwatch.GetTimestamp() - began);
                await Task.Delay(2, CancellationToken.None);
            }
        }

        public TimeSpan TakeLongest() => Stopwatch.GetElapsedTime(0, Interlocked.Exchange(ref _longest, 0));

        private void Note(long pause)
        {
            var seen = Volatile.Read(ref _longest);
            while (pause > seen && Interlocked.CompareExchange(ref _longest, pause, seen) != seen)
            {
                seen = Volatile.Read(ref _longest);
            }
        }
    }
}
