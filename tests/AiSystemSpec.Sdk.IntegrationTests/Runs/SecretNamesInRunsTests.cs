using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using AiSystemSpec.Sdk.IntegrationTests.Infrastructure;
using Microsoft.Extensions.Logging;

namespace AiSystemSpec.Sdk.IntegrationTests.Runs;

/// <summary>
/// A secret or too much text in a run's id or a stage's name: it is stored otherwise, found alike, and no two become one.
/// </summary>
public sealed class SecretNamesInRunsTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private readonly string _secret = $"sk-proj-{Guid.NewGuid():N}{Guid.NewGuid():N}";

    [Fact]
    public async Task Secret_in_a_run_id_and_stage_becomes_a_mark_of_its_own_in_both_ways_in()
    {
        using var log = new LogLines();
        await using var sdk = HostServices.Over(postgres.ConnectionString, log);
        var (run, stage) = ($"run-{_secret}:x", $"use {_secret}");
        var mark = $"[redacted:{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(_secret)))[..8]}]";
        var written = await sdk.Runs.WriteAsync(new RunLogEntry(run, stage, RunStatus.Success));
        sdk.Runs.Enqueue(new RunLogEntry(run, stage + " again", RunStatus.Success));
        using (var scope = sdk.Runs.BeginStage(run, "child", new JsonObject { ["root_run_id"] = run }))
        {
            scope.Complete();
        }

        _ = await sdk.Runs.FlushAsync();
        Assert.Equal(($"run-{mark}:x", $"use {mark}"), (written.RunId, written.Stage));
        foreach (var asked in new[] { run, written.RunId! })
        {
            Assert.Equal(["child", $"use {mark}", $"use {mark} again"], (await sdk.History.GetRunAsync(asked))!.Rows.Select(row => row.Stage!).Order(StringComparer.Ordinal));
            Assert.Equal(3, (await sdk.History.GetCompletedStagesAsync(asked)).Count);
            Assert.Equal(3, (await sdk.History.QueryAsync(new RunFilter { RunId = asked })).Items.Count);
            _ = Assert.Single((await sdk.History.QueryAsync(new RunFilter { RunId = asked, Stage = stage })).Items);
        }

        Assert.Null(await sdk.History.GetRunAsync(run.Replace(_secret, _secret + "other", StringComparison.Ordinal)));
        Assert.Equal(0L, await Sql.ScalarAsync<long>(postgres.ConnectionString, $"SELECT count(*) FROM pipeline_runs WHERE pipeline_runs::text LIKE '%{_secret}%'"));
        Assert.DoesNotContain(_secret, string.Concat(log.Lines), StringComparison.Ordinal);
        _ = Assert.Single(log.Lines, line => line.Contains("held a secret", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Child_is_found_by_a_root_id_that_held_a_secret()
    {
        await using var sdk = HostServices.Over(postgres.ConnectionString);
        var run = $"root-{_secret}";
        _ = await sdk.Runs.WriteAsync(new RunLogEntry($"child-{Guid.NewGuid():N}", "s", RunStatus.Success) { InputRefs = new JsonObject { ["root_run_id"] = run } });
        _ = Assert.Single((await sdk.History.GetRunAsync(run))!.Rows);
        Assert.Null(await sdk.History.GetRunAsync(run + "x"));
    }

    [Fact]
    public async Task Ordinary_run_with_the_letters_of_a_key_stays_as_it_is()
    {
        await using var sdk = HostServices.Over(postgres.ConnectionString);
        foreach (var day in new[] { "render-sk-SK-20261125", "render-sk-SK-20261126" })
        {
            sdk.Runs.Enqueue(new RunLogEntry(day, "translate-sk-SK-subtitles", RunStatus.Success) { Metrics = new StageMetrics { Additional = { ["model"] = "sk-learn-pipeline-v2" } } });
        }

        _ = await sdk.Runs.FlushAsync();
        var row = Assert.Single((await sdk.History.GetRunAsync("render-sk-SK-20261125"))!.Rows);
        Assert.Equal(("render-sk-SK-20261125", "translate-sk-SK-subtitles", "sk-learn-pipeline-v2"), (row.RunId, row.Stage, (string?)row.Metrics!.Additional["model"]));
    }

    [Fact]
    public async Task Long_run_id_is_cut_and_found_and_another_programs_is_found_whole()
    {
        await using var sdk = HostServices.Over(postgres.ConnectionString);
        var run = Guid.NewGuid().ToString("N") + new string('ü', 3_000);
        sdk.Runs.Enqueue(new RunLogEntry(run, "background", RunStatus.Success));
        _ = await sdk.Runs.WriteAsync(new RunLogEntry(run, "direct", RunStatus.Success));
        sdk.Runs.Enqueue(new RunLogEntry(run + "x", "other", RunStatus.Success));
        _ = await sdk.Runs.FlushAsync();
        Assert.Equal(["background", "direct"], (await sdk.History.GetRunAsync(run))!.Rows.Select(row => row.Stage!).Order(StringComparer.Ordinal));
        _ = Assert.Single((await sdk.History.GetRunAsync(run + "x"))!.Rows);
        await Sql.ExecuteAsync(postgres.ConnectionString, "INSERT INTO pipeline_runs (run_id, stage) VALUES ($1, 'foreign')", run + "y");
        _ = Assert.Single((await sdk.History.GetRunAsync(run + "y"))!.Rows);
        _ = Assert.Single((await sdk.History.QueryAsync(new RunFilter { RunId = run + "y" })).Items);
    }

    [Fact]
    public async Task Sixty_megabytes_of_names_and_errors_are_not_held_until_they_are_written()
    {
        await using var sdk = HostServices.Over(postgres.ConnectionString);
        var (run, large) = (Guid.NewGuid().ToString("N"), new string('x', 60_000_000));
        var longest = run + large;
        var before = GC.GetAllocatedBytesForCurrentThread(); // of this thread: other tests run beside this one
        for (var at = 0; at < 5; at++)
        {
            sdk.Runs.Enqueue(new RunLogEntry(longest, large, RunStatus.Failure) { ErrorSummary = large });
        }

        using (var scope = sdk.Runs.BeginStage(run, "scope"))
        {
            scope.Fail(new InvalidOperationException(large));
        }

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 20_000_000L); // what waits is what will be looked at
        _ = await sdk.Runs.FlushAsync();
        _ = Assert.Single((await sdk.History.GetRunAsync(run))!.Rows);
    }

    [Fact]
    public async Task Scope_whose_content_throws_hands_its_row_over()
    {
        await using var sdk = HostServices.Over(postgres.ConnectionString);
        var run = Guid.NewGuid().ToString("N");
        using (var scope = sdk.Runs.BeginStage(run, "s", JsonValue.Create(new Broken(null))))
        {
            scope.OutputRefs = JsonValue.Create(new Broken(null));
            scope.Set("broken", JsonValue.Create(new Broken(null)));
            Assert.Equal("[not stored: reading it threw System.FormatException]", (string?)scope.Metrics.Additional["broken"]);
            scope.Complete();
        }

        sdk.Runs.Enqueue(new RunLogEntry(run, "e", RunStatus.Success) { InputRefs = new JsonObject { ["a"] = JsonValue.Create(new Broken(null)) } });
        _ = await sdk.Runs.FlushAsync();
        Assert.Equal(2, (await sdk.History.GetRunAsync(run))!.Rows.Count(row => row.InputRefs!.ToJsonString().Contains("not stored", StringComparison.Ordinal)));
    }

    private sealed class Broken(string? value)
    {
        public string Value => value ?? throw new FormatException();
    }

    private sealed class LogLines : ILoggerProvider, ILogger
    {
        public List<string> Lines { get; } = [];

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            lock (Lines)
            {
                Lines.Add($"{formatter(state, exception)} {exception}");
            }
        }

        public void Dispose()
        {
        }
    }
}
