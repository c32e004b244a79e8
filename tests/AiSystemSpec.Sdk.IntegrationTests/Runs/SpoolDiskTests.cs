using System.Text.Json.Nodes;
using AiSystemSpec.Sdk.IntegrationTests.Infrastructure;
using AiSystemSpec.Sdk.IntegrationTests.Runs.Writing;

namespace AiSystemSpec.Sdk.IntegrationTests.Runs;

/// <summary>What the disk does to the spool while the database is up, or away.</summary>
public sealed class SpoolDiskTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private const int Kilobytes = 64;

    private readonly SpoolDirectory _spool = new();
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
    public async Task Full_disk_costs_no_row_while_memory_has_room_and_is_used_again_when_it_is_free()
    {
        using var disk = new SmallDisk(Kilobytes);
        await using var host = Host(disk.Path, options => options.SpoolMaxBytes = disk.IsMounted ? 1L << 30 : Kilobytes << 10);
        for (var round = 1; round <= 3; round++)
        {
            _server.TakeAway();
            host.Enqueue($"round-{round}", 1_000); // some 200 KB
            var away = await host.FlushAsync();
            Assert.InRange(away.Spooled, 100, 500);
            Assert.Equal((1_000, 0), (away.Spooled + away.Waiting, away.Lost));
            _server.BringBack();
            await UntilEmptyAsync(host);
            Assert.Equal(1_000 * round, await host.CountAsync());
            await Task.Delay(1_100); // a disk that failed is left alone for a second
        }

        Assert.Equal(3_000, await CountIdsAsync(host));
        Assert.Equal(disk.IsMounted, host.Warnings.Any(warning => warning.StartsWith("3005", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Disk_that_is_full_from_the_start_costs_no_row_while_the_database_is_up()
    {
        using var disk = new SmallDisk(Kilobytes);
        await File.WriteAllBytesAsync(Path.Combine(disk.Path, "theirs"), new byte[disk.IsMounted ? (Kilobytes << 10) - 1 : 1]);
        await using var host = Host(disk.Path, options => options.SpoolMaxBytes = disk.IsMounted ? 1L << 30 : 1);
        host.Enqueue("full", 50);
        Assert.Equal((50, 0), await WrittenAsync(host));
        await host.EndAsync();
        Assert.Equal(50, await host.CountAsync());
    }

    [Fact]
    public async Task Folder_removed_while_rows_wait_costs_none_of_them()
    {
        await using var host = Host(_spool.Path);
        _server.TakeAway();
        host.Enqueue("before", 200);
        Directory.Delete(Assert.Single(Directory.EnumerateDirectories(_spool.Path)), recursive: true);
        await UntilAsync(() => host.Warnings.Any(warning => warning.StartsWith("3033", StringComparison.Ordinal)) || Enqueued(host));
        _server.BringBack();
        await UntilEmptyAsync(host);
        Assert.Equal(0, (await host.FlushAsync()).Lost);
        Assert.Equal(200, await Sql.ScalarAsync<long>(postgres.ConnectionString, "SELECT count(*) FROM public.pipeline_runs WHERE run_id = $1 AND stage = 'before'", host.Run));
    }

    [Fact]
    public async Task Folder_that_cannot_be_read_holds_up_nothing()
    {
        await LeaveAsync();
        var folder = Assert.Single(Directory.EnumerateDirectories(_spool.Path));
        var file = Assert.Single(_spool.RowFiles);
        File.Delete(file);
        File.CreateSymbolicLink(file, file); // whoever opens it meets an endless circle
        _server.BringBack();
        await using var host = Host(_spool.Path);
        host.Enqueue("next", 5);
        Assert.Equal((5, 0), await WrittenAsync(host));
        Assert.True(Directory.Exists(folder));
        Assert.Single(host.Warnings, warning => warning.StartsWith("3032", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Other_files_and_folders_in_the_directory_stay_untouched()
    {
        var theirs = Directory.CreateDirectory(Path.Combine(_spool.Path, "theirs")).FullName;
        await File.WriteAllTextAsync(Path.Combine(theirs, "lock"), "");
        await File.WriteAllTextAsync(Path.Combine(theirs, "0000000001.rows"), "theirs");
        await LeaveAsync();
        var stray = Path.Combine(Assert.Single(Directory.EnumerateDirectories(_spool.Path, "writer-*")), "copy of 0000000001.rows");
        File.Copy(Assert.Single(Directory.EnumerateFiles(Path.GetDirectoryName(stray)!, "*.rows")), stray);
        _server.BringBack();
        await using (var host = Host(_spool.Path))
        {
            Assert.Equal((20, 0), await WrittenAsync(host));
        }

        Assert.True(File.Exists(stray));
        Assert.Equal("theirs", await File.ReadAllTextAsync(Path.Combine(theirs, "0000000001.rows")));
    }

    [Fact]
    public async Task Set_aside_file_that_cannot_be_written_loses_no_row()
    {
        _ = Directory.CreateDirectory(Path.Combine(_spool.Path, "set-aside.jsonl"));
        await using var host = Host(_spool.Path);
        host.Logger.Enqueue(new RunLogEntry(host.Run, "bad", RunStatus.Failure) { InputRefs = new JsonObject { ["number"] = JsonNode.Parse("1e200000") } });
        host.Enqueue("good", 10);
        var flushed = await host.FlushAsync();
        Assert.Equal((10, 1, 0), (flushed.Written, flushed.SetAside, flushed.Lost));
        _ = Assert.Single(await File.ReadAllLinesAsync(Assert.Single(Directory.EnumerateFiles(_spool.Path, "set-aside-*.jsonl"))));
    }

    private static async Task UntilEmptyAsync(RunLogHost host) =>
        await UntilAsync(async () => await host.FlushAsync() is { Spooled: 0, Waiting: 0 });

    private static Task UntilAsync(Func<bool> isSo) => UntilAsync(() => Task.FromResult(isSo()));

    private static async Task UntilAsync(Func<Task<bool>> isSo)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!await isSo())
        {
            await Task.Delay(20, patience.Token);
        }
    }

    private static bool Enqueued(RunLogHost host)
    {
        host.Enqueue("meanwhile");
        return false;
    }

    private static async Task<(long Written, long Lost)> WrittenAsync(RunLogHost host)
    {
        await UntilEmptyAsync(host);
        var flushed = await host.FlushAsync();
        return (flushed.Written, flushed.Lost);
    }

    private RunLogHost Host(string directory, Action<RunLogOptions>? configure = null) => new(_server.ConnectionString, options =>
    {
        options.RunLog.SpoolDirectory = Path.Combine(directory);
        configure?.Invoke(options.RunLog);
    });

    private async Task LeaveAsync()
    {
        _server.TakeAway();
        await using var host = Host(_spool.Path);
        host.Enqueue("left", 20);
        _ = await host.FlushAsync();
    }

    private Task<long> CountIdsAsync(RunLogHost host) =>
        Sql.ScalarAsync<long>(postgres.ConnectionString, "SELECT count(DISTINCT (stage, attempts)) + count(*) - count(DISTINCT id) FROM public.pipeline_runs WHERE run_id = $1 AND stage <> 'meanwhile'", host.Run);
}
