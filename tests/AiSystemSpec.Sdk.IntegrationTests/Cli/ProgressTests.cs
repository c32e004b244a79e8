using AiSystemSpec.Sdk.Cli.Output;
using AiSystemSpec.Sdk.Cli.Terminal;
using AiSystemSpec.Sdk.IntegrationTests.Infrastructure;
using AiSystemSpec.Sdk.IntegrationTests.Migrations;
using AiSystemSpec.Sdk.Migrations;

namespace AiSystemSpec.Sdk.IntegrationTests.Cli;

/// <summary>What an operator sees while the schema is changed.</summary>
public sealed class ProgressTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private const string Build = "CREATE INDEX CONCURRENTLY IF NOT EXISTS ix_a ON public.scripts (id);";

    [Fact]
    public async Task Migrate_in_a_pipe_is_a_plain_line_a_step_and_the_SQL_comes_only_when_asked()
    {
        var quiet = await CliRun.OfAsync(await postgres.CreateEmptyDatabaseAsync(), "migrate");
        var verbose = await CliRun.OfAsync(await postgres.CreateEmptyDatabaseAsync(), "migrate", "--verbose");

        var lines = quiet.Error.TrimEnd().Split('\n');
        Assert.All(lines, line => Assert.Matches(@"^  (tables?|index|record|schema) [^\r\u001b]+: done, [0-9]+\.[0-9] s$", line.TrimEnd('\r')));
        Assert.Equal(5, lines.Count(line => line.StartsWith("  index ix_", StringComparison.Ordinal)));
        Assert.Matches(@"^Applied: .+\. It took [0-9]+\.[0-9] s\.", quiet.Out);
        Assert.DoesNotContain("SET LOCAL", quiet.Error, StringComparison.Ordinal);
        Assert.Contains("SET LOCAL lock_timeout", verbose.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Adoption_and_rollback_say_their_steps()
    {
        var database = await postgres.CreateEmptyDatabaseAsync();
        await Sql.ExecuteAsync(database, FieldDatabases.Sql(FieldDatabases.Adoptable["pipeline_runs missing"]));

        var adopt = await CliRun.OfAsync(database, "adopt");
        _ = await CliRun.OfAsync(database, "migrate");
        var rollback = await CliRun.OfAsync(database, "rollback", "0");

        Assert.Contains("  table public.pipeline_runs: done, ", adopt.Error, StringComparison.Ordinal);
        Assert.Contains($"  take back {MigrationIds.CreateTables}: done, ", rollback.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Terminal_has_one_line_that_is_written_anew_with_phase_per_cent_and_time()
    {
        await using var error = new StringWriter { NewLine = "\n" };
        var progress = Over(error, isTerminal: true);

        progress.Report(new MigrationProgress { MigrationId = "m", Step = 1, Steps = 1, Sql = Build });
        progress.Report(new MigrationActivity { Phase = "building index: scanning table", Percent = 45.2 });
        progress.Report(new MigrationActivity { WaitedFor = "process 7 (\u001b[2J)" });
        progress.End(isDone: true);

        var text = error.ToString();
        Assert.Contains("\r  index ix_a: building index: scanning table, 45 %, 0.0 s ", text, StringComparison.Ordinal);
        Assert.Contains("  index ix_a: waits for process 7 (\\x1b[2J)\n", text, StringComparison.Ordinal);
        Assert.EndsWith("\r  index ix_a: done, 0.0 s\n", text, StringComparison.Ordinal);
        Assert.All(text.Split('\r', '\n'), line => Assert.True(line.Length < 80, line));
        Assert.DoesNotContain('\u001b', text);
    }

    [Fact]
    public async Task Pipe_has_no_control_character_and_a_step_that_failed_says_so()
    {
        await using var error = new StringWriter { NewLine = "\n" };
        var progress = Over(error, isTerminal: false);

        progress.Report(new MigrationProgress { MigrationId = "m", Step = 1, Steps = 1, Sql = Build });
        progress.Report(new MigrationActivity { Phase = "building index", Percent = 1 });
        progress.End(isDone: false);

        Assert.Equal("  index ix_a: failed, 0.0 s\n", error.ToString());
    }

    [Fact]
    public async Task Build_that_waits_is_seen_while_it_waits_and_how_far_it_is()
    {
        await using var blocked = await BlockedBuild.PrepareAsync(isSimilarity: false);
        var seen = new Seen();

        await Assert.ThrowsAsync<MigrationException>(() => MigratorHost.MigrateAsync(
            blocked.Database, new MigrateOptions { Attempts = 1, IndexLockTimeout = TimeSpan.FromSeconds(3), Activity = seen }));

        Assert.Contains(seen.All, look => look.WaitedFor?.Contains("the other one", StringComparison.Ordinal) == true);
        Assert.Contains(seen.All, look => look.Phase is { Length: > 0 });
    }

    private static ProgressLines Over(StringWriter error, bool isTerminal) =>
        new(new CliHost(TextWriter.Null, error, _ => null) { IsTerminal = isTerminal, ProgressWidth = 80 }, isVerbose: false, new StoppedClock());

    private sealed class Seen : IProgress<MigrationActivity>
    {
        public System.Collections.Concurrent.ConcurrentQueue<MigrationActivity> All { get; } = new();

        public void Report(MigrationActivity value) => All.Enqueue(value);
    }

    private sealed class StoppedClock : TimeProvider
    {
        public override long GetTimestamp() => 0;
    }
}
