using System.Text;
using System.Text.Json.Nodes;
using AiSystemSpec.Sdk.IntegrationTests.Infrastructure;

namespace AiSystemSpec.Sdk.IntegrationTests.Runs;

public sealed class SpoolTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private readonly SpoolDirectory _spool = new();
    private readonly string _run = Guid.NewGuid().ToString();

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

    [Fact]
    public async Task Rows_of_an_absent_database_wait_on_disk_and_are_replayed_by_the_next_process()
    {
        _server.TakeAway();
        await using (var away = Host(_server.ConnectionString))
        {
            Enqueue(away, 1, 500);
            var flushed = await away.Runs.FlushAsync().WaitAsync(TimeSpan.FromSeconds(10));
            Assert.Equal(new FlushResult { Written = 0, Spooled = 500, Lost = 0 }, flushed);
        }

        _server.BringBack();
        await using var back = Host(_server.ConnectionString);
        var replayed = await back.Runs.FlushAsync();
        Assert.Equal(new FlushResult { Written = 500, Spooled = 0, Lost = 0 }, replayed);
        Assert.Equal(Enumerable.Range(1, 500), await AttemptsAsync(back));
        await back.DisposeAsync();
        Assert.Empty(_spool.RowFiles);
    }

    [Fact]
    public async Task Last_record_cut_short_costs_one_row_that_is_counted()
    {
        await LeaveRowsAsync(20);
        var file = Assert.Single(_spool.RowFiles);
        await using (var stream = new FileStream(file, FileMode.Open, FileAccess.ReadWrite))
        {
            stream.SetLength(stream.Length - 3);
        }

        _server.BringBack();
        await using var back = Host(_server.ConnectionString);
        Assert.Equal(new FlushResult { Written = 19, Spooled = 0, Lost = 1 }, await back.Runs.FlushAsync()); // the process had ended in order: its row was there
        Assert.Equal(Enumerable.Range(1, 19), await AttemptsAsync(back));
        _ = Assert.Single(Directory.EnumerateFiles(_spool.Path, "damaged*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task Damage_in_the_middle_is_kept_beside_what_could_be_read()
    {
        await LeaveRowsAsync(20);
        var file = Assert.Single(_spool.RowFiles);
        await using (var stream = new FileStream(file, FileMode.Open, FileAccess.ReadWrite))
        {
            stream.Position = stream.Length / 2;
            stream.Write(Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("damaged", 9)))); // more than a frame, which would be made good
        }

        _server.BringBack();
        await using var back = Host(_server.ConnectionString);
        var written = (await back.Runs.FlushAsync()).Written;
        Assert.InRange(written, 18, 19); // one row, or the end of one and the beginning of the next
        Assert.Equal(new FlushResult { Written = written, Spooled = 0, Lost = 20 - written }, await back.Runs.FlushAsync());
        Assert.Equal(written, (await AttemptsAsync(back)).Distinct().Count());
        _ = Assert.Single(Directory.EnumerateFiles(_spool.Path, "damaged*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task Replay_of_rows_that_were_written_already_adds_nothing()
    {
        await LeaveRowsAsync(20);
        var copy = Directory.CreateTempSubdirectory("aispec-copy-").FullName;
        CopyAll(_spool.Path, copy);
        _server.BringBack();
        await using (var back = Host(_server.ConnectionString))
        {
            _ = await back.Runs.FlushAsync();
        }

        CopyAll(copy, _spool.Path);
        Directory.Delete(copy, recursive: true);
        await using var again = Host(_server.ConnectionString);
        _ = await again.Runs.FlushAsync();
        Assert.Equal(Enumerable.Range(1, 20), await AttemptsAsync(again));
        Assert.DoesNotContain(_spool.RowFiles, file => new FileInfo(file).Length > 0);
    }

    [Fact]
    public async Task Full_spool_and_queue_lose_what_is_counted()
    {
        _server.TakeAway();
        var host = Host(_server.ConnectionString, options =>
        {
            options.SpoolMaxBytes = 20_000;
            options.QueueCapacity = 7;
        });
        Enqueue(host, 1, 1_000);
        var flushed = await host.Runs.FlushAsync();
        Assert.InRange(flushed.Spooled, 50, 250);
        Assert.Equal(1_000, flushed.Spooled + 7 + flushed.Lost);
        Assert.True(_spool.RowFiles.Sum(file => new FileInfo(file).Length) <= 20_000);
        await host.DisposeAsync();

        _server.BringBack();
        await using var back = Host(_server.ConnectionString);
        Assert.Equal(flushed.Spooled, (await back.Runs.FlushAsync()).Written);
        Assert.Equal(Enumerable.Range(1, (int)flushed.Spooled), await AttemptsAsync(back));
    }

    [Fact]
    public async Task Refused_row_is_set_aside_in_a_file_with_secrets_redacted()
    {
        await using var host = Host(_server.ConnectionString);
        host.Runs.Enqueue(new RunLogEntry(_run, "bad", RunStatus.Failure)
        {
            InputRefs = new JsonObject { ["number"] = JsonNode.Parse("1e200000"), ["note"] = "Bearer abcdefghijklmnop" },
        });
        Enqueue(host, 1, 10);
        Assert.Equal(new FlushResult { Written = 10, Spooled = 0, Lost = 0, SetAside = 1 }, await host.Runs.FlushAsync());
        var file = Assert.Single(Directory.EnumerateFiles(_spool.Path, "set-aside.jsonl", SearchOption.AllDirectories));
        var line = JsonNode.Parse(Assert.Single(await File.ReadAllLinesAsync(file)))!;
        Assert.Equal((_run, "bad", "Bearer [redacted]"), ((string?)line["run_id"], (string?)line["stage"], (string?)line["input_refs"]!["note"]));
        Assert.StartsWith("22003", (string?)line["reason"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_hosts_share_a_folder_and_take_nothing_from_each_other()
    {
        await using var first = Host(_server.ConnectionString, options => options.SpoolFsync = true);
        await using var second = Host(_server.ConnectionString);
        Enqueue(first, 1, 50);
        Enqueue(second, 51, 50);
        Assert.Equal(50, (await first.Runs.FlushAsync()).Written);
        Assert.Equal(50, (await second.Runs.FlushAsync()).Written);
        Assert.Equal(Enumerable.Range(1, 100), (await AttemptsAsync(first)).Order());
    }

    [Fact]
    public async Task Rows_of_one_database_are_not_replayed_into_another()
    {
        await LeaveRowsAsync(5);
        await using var other = Host(await PostgresFixture.CreateDatabaseAsync());
        Assert.Equal(0, (await other.Runs.FlushAsync()).Written);
        Assert.Null(await other.History.GetRunAsync(_run));
    }

    private static void CopyAll(string from, string to)
    {
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(to, Path.GetRelativePath(from, file));
            _ = Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target, overwrite: true);
        }
    }

    private HostServices Host(string connectionString, Action<RunLogOptions>? configure = null) => HostServices.Over(connectionString, options =>
    {
        options.RunLog.SpoolDirectory = _spool.Path;
        configure?.Invoke(options.RunLog);
    });

    /// <summary>Leaves rows of a process that ended while the server was away.</summary>
    private async Task LeaveRowsAsync(int rows)
    {
        _server.TakeAway();
        await using var away = Host(_server.ConnectionString);
        Enqueue(away, 1, rows);
        _ = await away.Runs.FlushAsync();
    }

    private void Enqueue(HostServices host, int first, int count)
    {
        for (var number = first; number < first + count; number++)
        {
            host.Runs.Enqueue(new RunLogEntry(_run, "spool", RunStatus.Success) { Attempts = number });
        }
    }

    private async Task<IEnumerable<int>> AttemptsAsync(HostServices host) =>
        (await host.History.GetRunAsync(_run))!.Rows.Select(row => row.Attempts!.Value);
}
