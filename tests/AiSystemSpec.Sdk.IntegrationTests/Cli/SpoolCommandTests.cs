using System.Text.Json;
using AiSystemSpec.Sdk.IntegrationTests.Infrastructure;
using AiSystemSpec.Sdk.IntegrationTests.Runs;

namespace AiSystemSpec.Sdk.IntegrationTests.Cli;

public sealed class SpoolCommandTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private readonly SpoolDirectory _spool = new();
    private readonly string _run = Guid.NewGuid().ToString();
    private OutageProxy _server = null!;

    public Task InitializeAsync()
    {
        _server = new OutageProxy(postgres.ConnectionString);
        _server.TakeAway();
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        _spool.Dispose();
    }

    [Fact]
    public async Task List_says_whose_rows_wait_how_many_and_who_holds_them()
    {
        await LeaveAsync(30);
        await using var living = Host();
        living.Runs.Enqueue(new RunLogEntry(_run, "living", RunStatus.Success));

        var text = await CliRun.OfAsync(connection: null, "spool", "list", _spool.Path);
        var json = await CliRun.OfAsync(connection: null, "spool", "list", _spool.Path, "--json");

        Assert.Equal((0, 0), (text.Code, json.Code));
        Assert.Contains("left by a process that is gone", text.Out, StringComparison.Ordinal);
        Assert.Contains("in use", text.Out, StringComparison.Ordinal);
        Assert.Contains("2 folders, 31 rows", text.Out, StringComparison.Ordinal);
        using var document = JsonDocument.Parse(json.Out);
        var folders = document.RootElement.GetProperty("folders");
        Assert.Equal(["left", "held"], folders.EnumerateArray().Select(folder => folder.GetProperty("state").GetString()));
        Assert.Equal(30, folders[0].GetProperty("rows").GetInt64());
        Assert.StartsWith("postgresql://", folders[0].GetProperty("owner").GetProperty("target").GetString(), StringComparison.Ordinal);
        Assert.DoesNotContain("assword", json.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Replay_writes_what_was_meant_for_another_target_and_counts_what_was_there()
    {
        await LeaveAsync(20);
        var copy = Directory.CreateDirectory(Path.Combine(_spool.Path, "copy")).FullName;
        var folder = Assert.Single(Directory.EnumerateDirectories(_spool.Path, "writer-*"));
        var kept = Directory.CreateDirectory(Path.Combine(copy, Path.GetFileName(folder))).FullName;
        foreach (var file in Directory.EnumerateFiles(folder))
        {
            File.Copy(file, Path.Combine(kept, Path.GetFileName(file)));
        }

        var first = await CliRun.OfAsync(postgres.ConnectionString, "spool", "replay", _spool.Path);
        var again = await CliRun.OfAsync(postgres.ConnectionString, "spool", "replay", kept);

        Assert.Equal((0, ""), (first.Code, first.Error));
        Assert.StartsWith("20 rows went in, 0 were there already, 0 were refused", first.Out, StringComparison.Ordinal);
        Assert.StartsWith("0 rows went in, 20 were there already", again.Out, StringComparison.Ordinal);
        Assert.Equal(20, await CountAsync());
        Assert.Empty(_spool.RowFiles);
    }

    [Fact]
    public async Task Replay_refuses_a_folder_in_use_and_does_the_others()
    {
        await LeaveAsync(3);
        await using var living = Host();
        living.Runs.Enqueue(new RunLogEntry(_run, "living", RunStatus.Success));

        var run = await CliRun.OfAsync(postgres.ConnectionString, "spool", "replay", _spool.Path);

        Assert.Equal(1, run.Code);
        Assert.Contains("is in use by a living process", run.Error, StringComparison.Ordinal);
        Assert.StartsWith("3 rows went in", run.Out, StringComparison.Ordinal);
        Assert.Equal(1, (await living.Runs.FlushAsync()).Spooled);
    }

    [Fact]
    public async Task Replay_keeps_refused_rows_in_the_directory_and_exits_1()
    {
        var database = await PostgresFixture.CreateDatabaseAsync();
        await Sql.ExecuteAsync(database, "ALTER TABLE public.pipeline_runs ADD CONSTRAINT small CHECK (attempts < 5)");
        await LeaveAsync(6);

        var run = await CliRun.OfAsync(database, "spool", "replay", _spool.Path, "--json");

        Assert.Equal(1, run.Code);
        using var document = JsonDocument.Parse(run.Out);
        Assert.Equal((4, 2), (document.RootElement.GetProperty("written").GetInt32(), document.RootElement.GetProperty("refused").GetInt32()));
        Assert.Equal(2, (await File.ReadAllLinesAsync(Path.Combine(_spool.Path, "set-aside.jsonl"))).Length);
    }

    [Fact]
    public async Task Folder_that_is_not_there_is_wrong_usage()
    {
        Assert.Equal(2, (await CliRun.OfAsync(connection: null, "spool", "list", Path.Combine(_spool.Path, "nowhere"))).Code);
        Assert.Equal(2, (await CliRun.OfAsync(connection: null, "spool", "list")).Code);
        Assert.Equal(2, (await CliRun.OfAsync(connection: null, "spool", "replay", _spool.Path)).Code); // no connection
        Assert.Equal(5, (await CliRun.OfAsync(_server.ConnectionString + ";Timeout=2", "spool", "replay", _spool.Path)).Code);
    }

    private HostServices Host() => HostServices.Over(_server.ConnectionString, options => options.RunLog.SpoolDirectory = _spool.Path);

    private async Task LeaveAsync(int rows)
    {
        await using var host = Host();
        for (var number = 1; number <= rows; number++)
        {
            host.Runs.Enqueue(new RunLogEntry(_run, "spool", RunStatus.Success) { Attempts = number });
        }

        _ = await host.Runs.FlushAsync();
    }

    private Task<long> CountAsync() =>
        Sql.ScalarAsync<long>(postgres.ConnectionString, "SELECT count(*) FROM public.pipeline_runs WHERE run_id = $1", _run);
}
