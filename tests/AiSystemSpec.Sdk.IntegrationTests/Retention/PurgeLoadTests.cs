using System.Globalization;
using AiSystemSpec.Sdk.IntegrationTests.Infrastructure;
using Microsoft.Extensions.DependencyInjection;
using Xunit.Abstractions;

namespace AiSystemSpec.Sdk.IntegrationTests.Retention;

/// <summary>Half of a large table is purged while others read and write it, the rows that are being deleted included.</summary>
public sealed class PurgeLoadTests(PostgresFixture postgres, ITestOutputHelper output) : IClassFixture<PostgresFixture>
{
    // No caller waits as long as this at full size, for which the machine is quiet; beside other tests a pause says nothing of the purge.
    private static readonly int LongestPause = Trials.Count(few: 30_000, full: 1_000);

    // How much longer a caller may wait in the purging process than in another one under the same load.
    private static readonly int LongestDifference = Trials.Count(few: 30_000, full: 500);

    private readonly string _database = postgres.ConnectionString;

    [Fact]
    public Task Readers_and_writers_go_on_while_half_of_a_table_is_purged() => PurgeUnderLoadAsync(rows: 40_000);

    [Fact]
    [Trait("Category", "Long")]
    public Task Readers_and_writers_go_on_while_a_million_rows_are_purged() =>
        PurgeUnderLoadAsync(Trials.Count(few: 40_000, full: 2_000_000));

    // In hosts of their own: in the test's process two threads of the pool are blocked by the test platform as long as it runs, which on
    // a machine of two
    // cores are all that the pool thinks that it needs; what is queued there waits up to a second for the next thread, whatever it is.
    private async Task PurgeUnderLoadAsync(int rows)
    {
        await FillAsync(rows);
        await using var purging = await StartAsync(rows);
        await using var other = await StartAsync(rows);
        await Task.Delay(TimeSpan.FromSeconds(2));
        var (alone, otherAlone) = (await AskAsync(purging, "take"), await AskAsync(other, "take"));

        await purging.WriteLineAsync("purge");
        var result = Numbers(await purging.ReadLineAsync(TimeSpan.FromMinutes(20)));
        var (during, otherDuring) = (await AskAsync(purging, "stop"), await AskAsync(other, "stop"));

        output.WriteLine($"{result[0]:N0} of {rows:N0} rows in {result[1]:N0} batches, {result[2] / 1000.0:F1} s. Longest pauses in ms during the purge (in the 2 s before):");
        output.WriteLine($"in the purging process: {Show(during)} ({Show(alone)}), beside {during[3]:N0} inserts");
        output.WriteLine($"in another process: {Show(otherDuring)} ({Show(otherAlone)}), beside {otherDuring[3]:N0} inserts");
        Assert.All(during[..3].Concat(otherDuring[..3]), pause => Assert.True(pause < LongestPause, $"a pause of {pause} ms"));
        Assert.All(during[..3].Zip(otherDuring), pair => Assert.True(pair.First - pair.Second < LongestDifference, $"a pause of {pair.First} ms in the purging process, {pair.Second} ms in another"));
        Assert.True(result[0] > rows * 4 / 10); // what was changed meanwhile is left for the next
        await using var sdk = HostServices.Over(_database);
        var rest = await sdk.Services.GetRequiredService<IRetention>().PurgeAsync(new RetentionOptions { ResearchAge = TimeSpan.FromDays(30) });
        Assert.Equal(rows / 2, result[0] + rest.ResearchRows);
        Assert.Equal((rows / 2) + during[3] + otherDuring[3], await Sql.ScalarAsync<long>(_database, "SELECT count(*) FROM public.research_cache"));
    }

    private Task<TestHostProcess> StartAsync(int rows) =>
        TestHostProcess.StartAsync(new Dictionary<string, string?>(), "load", _database, $"{rows}");

    private static async Task<long[]> AskAsync(TestHostProcess process, string line)
    {
        await process.WriteLineAsync(line);
        return Numbers(await process.ReadLineAsync());
    }

    private static long[] Numbers(string line) => [.. line.Split(' ').Select(number => long.Parse(number, CultureInfo.InvariantCulture))];

    private static string Show(long[] pauses) =>
        $"reader {pauses[0]}, inserting writer {pauses[1]}, writer to the rows being deleted {pauses[2]}";

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
}
