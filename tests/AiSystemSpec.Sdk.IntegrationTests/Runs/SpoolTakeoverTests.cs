using System.Globalization;
using System.Text.Json.Nodes;
using AiSystemSpec.Sdk.IntegrationTests.Infrastructure;
using AiSystemSpec.Sdk.IntegrationTests.Runs.Writing;

namespace AiSystemSpec.Sdk.IntegrationTests.Runs;

/// <summary>
/// Real processes that share a spool directory, with locks that work and without: one dies, and another takes its folder over.
/// </summary>
public sealed class SpoolTakeoverTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private readonly SpoolDirectory _spool = new();
    private readonly string _run = $"takeover-{Guid.NewGuid():N}";
    private OutageProxy _server = null!;

    public Task InitializeAsync()
    {
        _server = new OutageProxy(postgres.ConnectionString);
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        _spool.Dispose();
    }

    [Theory]
    [InlineData("0")]
    [InlineData("1")]
    public async Task Every_row_of_three_processes_is_in_the_table_once(string disablesLocking)
    {
        _server.TakeAway();
        await using var dies = await StartAsync(disablesLocking, 20, "wait");
        await using var lives = await StartAsync(disablesLocking, 30, "wait");
        Assert.Equal(("0 20 0 0 0", "0 30 0 0 0"), (await dies.ReadLineAsync(), await lives.ReadLineAsync()));
        await dies.KillAsync();
        _server.BringBack();
        await using var next = await StartAsync(disablesLocking, 5, "wait");
        _ = await next.ReadLineAsync();
        var (one, other) = (await FlushAsync(lives), await FlushAsync(next));
        while (await CountAsync("*") < 55 || Waits(one) || Waits(other))
        {
            (one, other) = (await FlushAsync(lives), await FlushAsync(next)); // either takes the dead one's folder
        }

        List<(string, string)> right = [("50 0 0 0 0", "5 0 0 0 0"), ("30 0 0 0 0", "25 0 0 0 0")];
        if (string.Equals(disablesLocking, "1", StringComparison.Ordinal))
        {
            right.Add(("50 0 0 0 0", "25 0 0 0 0")); // two may take a folder at once, and each counts its rows; the table has them once
        }

        Assert.Contains((one, other), right);
        Assert.Equal((55, 55), (await CountAsync("*"), await CountAsync("DISTINCT id")));
    }

    [Fact]
    public async Task Refused_row_that_no_file_takes_is_counted_once()
    {
        var blocked = Path.Combine(_spool.Path, "blocked");
        await File.WriteAllTextAsync(blocked, "a file where the folder should be");
        await using var host = new RunLogHost(_server.ConnectionString, options => options.RunLog.SpoolDirectory = blocked);
        host.Logger.Enqueue(new RunLogEntry(host.Run, "bad", RunStatus.Failure) { InputRefs = new JsonObject { ["number"] = JsonNode.Parse("1e200000") } });
        host.Enqueue("good", 10);
        var flushed = await host.FlushAsync();
        Assert.Equal((10, 0, 0, 1, 0), (flushed.Written, flushed.Spooled, flushed.Waiting, flushed.SetAside, flushed.Lost));
        await host.EndAsync();
        Assert.Equal((10, 0, 1), (host.State.Written, host.State.SetAside, host.State.Lost));
        Assert.Contains(host.Warnings, warning => warning.Contains("of its rows 1 were lost and 0 set aside", StringComparison.Ordinal));
    }

    /// <summary>Whether rows are counted as waiting, as they are for a moment after their commit: until the outage is over, a flush waits for nothing.</summary>
    private static bool Waits(string counts) => counts.Split(' ') is not [_, "0", "0", _, _];

    private static async Task<string> FlushAsync(TestHostProcess host)
    {
        await host.WriteLineAsync("flush");
        return await host.ReadLineAsync();
    }

    private Task<long> CountAsync(string what) =>
        Sql.ScalarAsync<long>(postgres.ConnectionString, $"SELECT count({what}) FROM public.pipeline_runs WHERE run_id = $1", _run);

    private Task<TestHostProcess> StartAsync(string disablesLocking, int rows, params string[] more) => TestHostProcess.StartAsync(
        new Dictionary<string, string?>(StringComparer.Ordinal) { ["DOTNET_SYSTEM_IO_DISABLEFILELOCKING"] = disablesLocking },
        ["spool", _server.ConnectionString, _spool.Path, _run, rows.ToString(CultureInfo.InvariantCulture), .. more]);
}
