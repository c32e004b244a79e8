using System.Globalization;
using System.Text.Json.Nodes;
using AiSystemSpec.Sdk.IntegrationTests.Infrastructure;
using AiSystemSpec.Sdk.IntegrationTests.Runs.Writing;
using AiSystemSpec.Sdk.Runs.Queue;

namespace AiSystemSpec.Sdk.IntegrationTests.Runs;

/// <summary>Whose turn it is: rows that earlier processes left, and a host's own.</summary>
public sealed class SpoolTurnTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private const int OwnRows = 50;

    private readonly SpoolDirectory _spool = new();
    private readonly string _run = $"turn-{Guid.NewGuid():N}";
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
    public async Task Refused_row_alone_in_a_left_folder_holds_up_no_row_of_the_host()
    {
        await LeaveAsync(1, isBad: true);
        _server.BringBack();
        await using var host = Host();
        host.Enqueue("own", OwnRows);
        await UntilAsync(async () => await host.FlushAsync() is { Written: OwnRows, SetAside: 1, Spooled: 0, Lost: 0 });
        Assert.Equal(OwnRows, await host.CountAsync());
    }

    [Fact]
    public async Task Refused_row_alone_in_a_left_folder_holds_up_no_other_folder()
    {
        await LeaveAsync(1, isBad: true);
        await LeaveAsync(3);
        _server.BringBack();
        await using var host = Host();
        await UntilAsync(async () => await host.FlushAsync() is { Written: 3, SetAside: 1, Spooled: 0, Lost: 0 });
    }

    [Fact]
    public async Task Refused_row_of_the_host_holds_up_no_left_folder_and_none_in_memory()
    {
        using var disk = new SmallDisk(64);
        await using var host = new RunLogHost(_server.ConnectionString, options =>
        {
            options.RunLog.SpoolDirectory = disk.Path;
            options.RunLog.SpoolMaxBytes = 4_096;
        });
        host.Logger.Enqueue(Bad(host.Run));
        await host.UntilAsync(RunLogProblem.Refused);
        host.Logger.Enqueue(new RunLogEntry(host.Run, "large", RunStatus.Success) { InputRefs = new JsonObject { ["text"] = new string('x', 20_000) } }); // no room on disk
        await UntilAsync(async () => await host.FlushAsync() is { Written: 1, SetAside: 1, Spooled: 0, Waiting: 0, Lost: 0 });
    }

    [Fact]
    public Task Host_with_little_memory_and_few_files_writes_its_rows_beside_many_left_folders() => WriteBesideAsync(folders: 40);

    [Fact]
    [Trait("Category", "Long")]
    public Task Host_with_little_memory_and_few_files_writes_its_rows_beside_more_left_folders() =>
        WriteBesideAsync(Trials.Count(few: 60, full: 600));

    [Fact]
    public async Task Rows_of_the_host_go_in_before_a_long_backlog_is_done()
    {
        await LeaveAsync(12_000);
        _server.BringBack();
        await using var host = Host();
        host.Enqueue("own");
        await UntilAsync(async () => await host.FlushAsync() is { Written: 12_001, Spooled: 0 });
        var own = await Sql.ScalarAsync<long>(postgres.ConnectionString, "SELECT xmin::text::bigint FROM public.pipeline_runs WHERE run_id = $1", host.Run);
        var last = await Sql.ScalarAsync<long>(postgres.ConnectionString, "SELECT max(xmin::text::bigint) FROM public.pipeline_runs WHERE run_id = $1", _run);
        Assert.True(own < last, $"The host's row went in with transaction {own}, the last of the backlog with {last}.");
    }

    private async Task WriteBesideAsync(int folders)
    {
        for (var folder = 1; folder <= folders; folder++)
        {
            await LeaveAsync(20);
        }

        _server.BringBack();
        var small = new Dictionary<string, string?>(StringComparer.Ordinal) { ["DOTNET_GCHeapHardLimit"] = "0x18000000" };
        await using var host = await TestHostProcess.StartWithFewFilesAsync(
            files: 1_024, small, "spool", _server.ConnectionString, _spool.Path, _run, OwnRows.ToString(CultureInfo.InvariantCulture), "wait");
        var expected = string.Create(CultureInfo.InvariantCulture, $"{OwnRows + (20 * folders)} 0 0 0 0");
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        for (var said = await host.ReadLineAsync(); said != expected; said = await host.ReadLineAsync())
        {
            patience.Token.ThrowIfCancellationRequested();
            await host.WriteLineAsync("flush"); // a host that starts slowly gives the first answer up
        }

        host.CloseInput();
        await host.WaitForExitAsync();
        Assert.Equal(20 * folders, await LeftCountAsync());
        Assert.Empty(Directory.EnumerateFileSystemEntries(_spool.Path));
    }

    private static RunLogEntry Bad(string run) =>
        new(run, "bad", RunStatus.Failure) { InputRefs = new JsonObject { ["number"] = JsonNode.Parse("1e200000") } };

    private static async Task UntilAsync(Func<Task<bool>> isSo)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!await isSo())
        {
            await Task.Delay(20, patience.Token);
        }
    }

    private RunLogHost Host() => new(_server.ConnectionString, options => options.RunLog.SpoolDirectory = _spool.Path);

    private Task<long> LeftCountAsync() => Sql.ScalarAsync<long>(postgres.ConnectionString, "SELECT count(*) FROM public.pipeline_runs WHERE run_id = $1 AND stage = 'left'", _run);

    /// <summary>Leaves a folder, without waiting for a database that is away.</summary>
    private async Task LeaveAsync(int rows, bool isBad = false)
    {
        _server.TakeAway();
        await using var host = new RunLogHost(_server.ConnectionString, options =>
        {
            options.RunLog.SpoolDirectory = Path.Combine(_spool.Path, "away");
            options.ShutdownTimeout = TimeSpan.Zero;
        });
        for (var number = 1; number <= rows; number++)
        {
            host.Logger.Enqueue(isBad ? Bad(_run) : new RunLogEntry(_run, "left", RunStatus.Success) { Attempts = number });
        }

        await host.EndAsync();
        var folder = Assert.Single(Directory.EnumerateDirectories(Path.Combine(_spool.Path, "away")));
        Directory.Move(folder, Path.Combine(_spool.Path, Path.GetFileName(folder)));
        Directory.Delete(Path.Combine(_spool.Path, "away"));
    }
}
