using System.Globalization;
using AiSystemSpec.Sdk.IntegrationTests.Infrastructure;
using Xunit.Abstractions;

namespace AiSystemSpec.Sdk.IntegrationTests.Runs;

/// <summary>kill -9 of the writing process at random moments, with the spool on.</summary>
public sealed class KilledWriterTests(PostgresFixture postgres, ITestOutputHelper output) : IClassFixture<PostgresFixture>
{
    [Fact]
    public Task Every_row_whose_call_had_returned_is_in_the_table_once() => KillAsync(3);

    [Fact]
    [Trait("Category", "Long")]
    public Task Every_row_whose_call_had_returned_is_in_the_table_once_every_time() => KillAsync(Trials.Count(few: 3, full: 200));

    private async Task KillAsync(int trials)
    {
        var (returned, more) = (0L, 0L);
        using var spool = new SpoolDirectory();
        for (var trial = 1; trial <= trials; trial++)
        {
            var run = Guid.NewGuid().ToString();
            var last = await WriteAndKillAsync(spool, run);
            await using var next = HostServices.Over(postgres.ConnectionString, options => options.RunLog.SpoolDirectory = spool.Path);
            _ = await next.Runs.FlushAsync();
            var rows = (await next.History.GetRunAsync(run))?.Rows.Select(row => row.Attempts!.Value).ToList() ?? [];

            // One more than was said may have returned: the process died between the call's end and the word.
            Assert.InRange(rows.Count, last, last + 1);
            Assert.Equal(Enumerable.Range(1, rows.Count), rows);
            returned += last;
            more += rows.Count - last;
        }

        output.WriteLine($"{trials} kills, {returned} rows returned, {returned} found once, {more} more found");
        Assert.True(returned > trials, "The processes were killed before they wrote.");
    }

    private async Task<int> WriteAndKillAsync(SpoolDirectory spool, string run)
    {
        await using var host = await TestHostProcess.StartAsync(new Dictionary<string, string?>(StringComparer.Ordinal), "runs", postgres.ConnectionString, spool.Path, run, "200000");
        var first = await host.ReadLineAsync(); // a process that has written nothing yet shows nothing
        var said = host.ReadToEndAsync();
        await Task.Delay(Random.Shared.Next(0, 400));
        await host.KillAsync();
        var lines = (await said).Split('\n');
        return int.Parse(lines.Length < 2 ? first : lines[^2], CultureInfo.InvariantCulture); // behind the last line break stands nothing, or half a line
    }
}
