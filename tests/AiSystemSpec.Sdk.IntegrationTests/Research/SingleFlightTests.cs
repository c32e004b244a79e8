using System.Diagnostics;
using System.Globalization;
using AiSystemSpec.Sdk.IntegrationTests.Infrastructure;
using Npgsql;

namespace AiSystemSpec.Sdk.IntegrationTests.Research;

/// <summary>One research a topic across real processes: directly, and through a pooler in transaction mode.</summary>
public sealed class SingleFlightTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private const int Processes = 4;
    private const int Callers = 250;

    private string _direct = postgres.ConnectionString;

    public async Task InitializeAsync()
    {
        _direct = await PostgresFixture.CreateDatabaseAsync();
        await Sql.ExecuteAsync(_direct, "CREATE TABLE public.calls (topic text, process int, at timestamptz DEFAULT clock_timestamp()); GRANT INSERT ON public.calls TO PUBLIC");
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public Task Thousand_callers_in_four_processes_cause_one_research() => StampedeAsync(Limited(_direct), Trials.Count(few: 2, full: 2));

    [Fact]
    [Trait("Category", "Long")]
    public Task Thousand_callers_in_four_processes_cause_one_research_every_time() =>
        StampedeAsync(Limited(_direct), Trials.Count(few: 2, full: 100));

    [Fact]
    [Trait("Category", "PgBouncer")]
    public async Task Thousand_callers_through_a_pooler_cause_one_research()
    {
        await using var bouncer = await PgBouncer.StartAsync(_direct, poolSize: 8);
        await StampedeAsync(Limited(bouncer.ConnectionString), Trials.Count(few: 2, full: 2));
    }

    [Fact]
    [Trait("Category", "Long")]
    public async Task Thousand_callers_through_a_pooler_cause_one_research_every_time()
    {
        await using var bouncer = await PgBouncer.StartAsync(_direct, poolSize: 8);
        await StampedeAsync(Limited(bouncer.ConnectionString), Trials.Count(few: 2, full: 100));
    }

    [Fact]
    [Trait("Category", "PgBouncer")]
    public async Task Long_entries_through_a_pooler_are_stored_and_read_whole()
    {
        await using var bouncer = await PgBouncer.StartAsync(_direct, poolSize: 4);
        await using var sdk = HostServices.Over(bouncer.ConnectionString);
        var contents = Enumerable.Range(0, 400).Select(i => new string((char)('a' + (i % 26)), 50_000 + i)).ToList();
        await Parallel.ForEachAsync(contents, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (content, token) =>
        {
            _ = await sdk.Research.SaveAsync($"long {content.Length}", content, token);
            Assert.Equal(content, (await sdk.Research.GetFreshAsync($"long {content.Length}", cancellationToken: token))!.Content);
        });
    }

    [Fact]
    [Trait("Category", "PgBouncer")]
    public async Task Fifty_topics_at_once_through_three_server_connections_leave_the_others_working()
    {
        await using var bouncer = await PgBouncer.StartAsync(_direct, poolSize: 3);
        await using var sdk = HostServices.Over(bouncer.ConnectionString);
        var release = new TaskCompletionSource();
        var began = 0;
        var researches = Enumerable.Range(0, 50).Select(i => sdk.Research.GetOrResearchAsync($"topic {i}", async (_, _) =>
        {
            _ = Interlocked.Increment(ref began);
            await release.Task;
            return $"found {i}";
        }).AsTask()).ToList();
        await UntilAsync(() => Volatile.Read(ref began) == 50);
        Assert.Equal(50L, await AdvisoryLocksAsync());
        _ = await sdk.Research.SaveAsync("another", "stored").WaitAsync(TimeSpan.FromSeconds(5));
        Assert.NotNull(await sdk.Research.GetFreshAsync("another").AsTask().WaitAsync(TimeSpan.FromSeconds(5)));
        Assert.Equal(1L, await Sql.ScalarAsync<long>(_direct, "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state = 'idle in transaction'"));
        release.SetResult();
        var results = await Task.WhenAll(researches);
        Assert.All(results, result => Assert.True(result is { Outcome: ResearchOutcome.Researched, Saved: true }));
        await UntilAsync(async () => await AdvisoryLocksAsync() == 0);
    }

    [Fact]
    public async Task Killed_researcher_hands_over_within_a_second_of_the_locks_release()
    {
        await using var sdk = HostServices.Over(_direct);
        for (var trial = 0; trial < Trials.Count(few: 3, full: 20); trial++)
        {
            var topic = $"killed {trial}";
            await using var researcher = await StartAsync(_direct, callers: 5, seconds: 60);
            await researcher.WriteLineAsync(topic);
            await UntilAsync(async () => await CallsAsync(topic) == 1);
            var waiting = sdk.Research.GetOrResearchAsync(topic, (_, _) => Task.FromResult("second")).AsTask();
            await Task.Delay(500);
            Assert.False(waiting.IsCompleted);
            await researcher.KillAsync();
            await UntilAsync(async () => await AdvisoryLocksAsync() == 0 || waiting.IsCompleted);
            var released = Stopwatch.GetTimestamp();
            var result = await waiting;
            Assert.InRange(Stopwatch.GetElapsedTime(released), TimeSpan.Zero, TimeSpan.FromSeconds(1));
            Assert.Equal((ResearchOutcome.Researched, "second"), (result.Outcome, result.Entry.Content));
        }
    }

    [Fact]
    public async Task Long_research_holds_back_no_vacuum_and_no_index_build()
    {
        await using var sdk = HostServices.Over(_direct);
        var release = new TaskCompletionSource();
        var began = new TaskCompletionSource();
        var research = sdk.Research.GetOrResearchAsync("long", async (_, _) =>
        {
            began.SetResult();
            await release.Task;
            return "found";
        }).AsTask();
        await began.Task;

        // What holds back a vacuum or an index build, however long it stands: a snapshot or a transaction id.
        Assert.Equal("t f f", await Sql.ScalarAsync<string>(
            _direct, "SELECT concat_ws(' ', count(*) = 1, bool_or(backend_xid IS NOT NULL), bool_or(backend_xmin IS NOT NULL)) FROM pg_stat_activity WHERE datname = current_database() AND state = 'idle in transaction'"));
        await Sql.ExecuteAsync(_direct, "CREATE TABLE public.vacuumed AS SELECT i FROM generate_series(1, 1000) i");
        await Sql.ExecuteAsync(_direct, "DELETE FROM public.vacuumed WHERE i > 0");
        await Sql.ExecuteAsync(_direct, "VACUUM public.vacuumed");
        Assert.Equal(0L, await Sql.ScalarAsync<long>(_direct, "SELECT pg_relation_size('public.vacuumed')")); // all dead rows gone, and the file cut
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        await using (var connection = await Sql.OpenAsync(_direct))
        {
            _ = await Sql.Command(connection, "CREATE INDEX CONCURRENTLY built ON public.scripts (id)").ExecuteNonQueryAsync(limit.Token);
        }

        release.SetResult();
        Assert.True((await research).Saved);
    }

    [Fact]
    public async Task Lost_lock_is_noticed_and_the_result_is_stored()
    {
        var lost = 0L;
        using var listener = new System.Diagnostics.Metrics.MeterListener();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Name == "aisystemspec.research.locks_lost")
            {
                self.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((_, value, _, _) => Interlocked.Add(ref lost, value));
        listener.Start();
        await using var sdk = HostServices.Over(_direct);
        var result = await sdk.Research.GetOrResearchAsync("lost", async (_, _) =>
        {
            await Sql.ExecuteAsync(_direct, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND state = 'idle in transaction'");
            return "found";
        });
        Assert.Equal((ResearchOutcome.Researched, true), (result.Outcome, result.Saved));
        Assert.Equal("found", (await sdk.Research.GetFreshAsync("lost"))!.Content);
        Assert.Equal(1, Volatile.Read(ref lost));
        Assert.Equal(ResearchOutcome.Researched, (await sdk.Research.GetOrResearchAsync("next", (_, _) => Task.FromResult("works"))).Outcome);
    }

    [Fact]
    public async Task Roles_idle_timeout_does_not_cost_the_lock()
    {
        await Sql.ExecuteAsync(_direct, "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET idle_in_transaction_session_timeout = 300', current_database()); END $$");
        await using var sdk = HostServices.Over(_direct);
        await using var other = HostServices.Over(_direct);
        var calls = 0;
        var both = await Task.WhenAll(new[] { sdk, other }.Select(host => host.Research.GetOrResearchAsync("idle", async (context, token) =>
        {
            _ = Interlocked.Increment(ref calls);
            await Task.Delay(1_500, token);
            return "found";
        }).AsTask()));
        Assert.Equal(1, calls);
        Assert.All(both, result => Assert.Equal("found", result.Entry.Content));
    }

    private static string Limited(string connectionString) =>
        new NpgsqlConnectionStringBuilder(connectionString) { MaxPoolSize = 15 }.ConnectionString; // the server takes 100 in all

    private static Task<TestHostProcess> StartAsync(string connectionString, int callers, double seconds) => TestHostProcess.StartAsync(
        new Dictionary<string, string?>(StringComparer.Ordinal), "research", connectionString, callers.ToString(CultureInfo.InvariantCulture), seconds.ToString(CultureInfo.InvariantCulture));

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        for (var tries = 0; !await condition(); tries++)
        {
            Assert.True(tries < 1_000, "The condition did not come true.");
            await Task.Delay(20);
        }
    }

    private static Task UntilAsync(Func<bool> condition) => UntilAsync(() => Task.FromResult(condition()));

    private async Task StampedeAsync(string connectionString, int trials)
    {
        var hosts = await Task.WhenAll(Enumerable.Range(0, Processes).Select(_ => StartAsync(connectionString, Callers, seconds: 2)));
        try
        {
            for (var trial = 0; trial < trials; trial++)
            {
                var topic = $"stampede {trial}";
                await Task.WhenAll(hosts.Select(host => host.WriteLineAsync(topic)));
                var lines = await Task.WhenAll(hosts.Select(host => host.ReadLineAsync()));
                var answers = lines.Select(line => line.Split(' ')).ToList();
                Assert.All(answers, answer => Assert.Equal(("1", "250"), (answer[0], answer[2])));
                _ = Assert.Single(answers.Select(answer => answer[1]).Distinct()); // the same row everywhere
                Assert.Equal(1, answers.Sum(answer => int.Parse(answer[3], CultureInfo.InvariantCulture))); // researched
                Assert.Equal(1L, await CallsAsync(topic));
                Assert.Equal(1L, await Sql.ScalarAsync<long>(_direct, "SELECT count(*) FROM public.research_cache WHERE topic = $1", topic));
            }
        }
        finally
        {
            foreach (var host in hosts)
            {
                await host.DisposeAsync();
            }
        }
    }

    private Task<long> CallsAsync(string topic) =>
        Sql.ScalarAsync<long>(_direct, "SELECT count(*) FROM public.calls WHERE topic = $1", topic);

    private Task<long> AdvisoryLocksAsync() => Sql.ScalarAsync<long>(
        _direct, "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())");
}
