using System.Diagnostics;
using System.Diagnostics.Metrics;
using AiSystemSpec.Sdk.Connections;
using AiSystemSpec.Sdk.IntegrationTests.Infrastructure;
using AiSystemSpec.Sdk.Retention;
using AiSystemSpec.Sdk.Retention.Purging;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace AiSystemSpec.Sdk.IntegrationTests.Retention;

/// <summary>How rows are deleted: in batches, beside others, one purge at a time.</summary>
public sealed class PurgeTests : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private static readonly RetentionOptions ByAge = new() { ScriptAge = TimeSpan.FromDays(30), BatchSize = 10 };

    private string _connectionString = string.Empty;
    private NpgsqlDataSource _dataSource = null!;
    private Database _database = null!;

    public async Task InitializeAsync()
    {
        _connectionString = await PostgresFixture.CreateDatabaseAsync();
        _dataSource = NpgsqlDataSource.Create(_connectionString);
        _database = new Database(_dataSource, ownsDataSource: true, commandTimeout: null, TimeProvider.System);
        await Sql.ExecuteAsync(_connectionString, "INSERT INTO public.scripts (content, created_at) SELECT n::text, now() - interval '1 year' + n * interval '1 second' FROM generate_series(1, 35) AS n");
    }

    public async Task DisposeAsync() => await _database.DisposeAsync();

    [Fact]
    public async Task Purge_deletes_in_batches_oldest_first_and_pauses_between_them()
    {
        List<string> left = [];
        var time = new CountingTime(_ => left.Add(ContentsAsync().GetAwaiter().GetResult()));
        var result = await PurgerWith(time).PurgeAsync(ByAge);
        Assert.Equal((35, 4), (result.ScriptRows, result.Batches));
        Assert.Equal(Enumerable.Repeat(RetentionOptions.DefaultPause, 3), time.Waits);
        Assert.Equal(["11-35", "21-35", "31-35"], left);
    }

    [Fact]
    public async Task Cancellation_ends_a_purge_between_batches_and_frees_the_lock()
    {
        using var cancellation = new CancellationTokenSource();
        var purger = PurgerWith(new CountingTime(count =>
        {
            if (count == 2)
            {
                cancellation.Cancel();
            }
        }));
        _ = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => purger.PurgeAsync(ByAge, cancellationToken: cancellation.Token));
        Assert.Equal("21-35", await ContentsAsync());
        Assert.Equal(15, (await purger.PurgeAsync(ByAge)).ScriptRows);
    }

    [Fact]
    public async Task Second_purge_at_a_time_does_nothing_and_says_so()
    {
        RetentionResult? second = null;
        long snapshots = -1;
        var other = PurgerWith(TimeProvider.System);
        var time = new CountingTime(count =>
        {
            if (count == 1)
            {
                second = other.PurgeAsync(ByAge).GetAwaiter().GetResult();
                snapshots = Sql.ScalarAsync<long>(
                    _connectionString, "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND (backend_xmin IS NOT NULL OR backend_xid IS NOT NULL)").GetAwaiter().GetResult();
            }
        });
        var first = await PurgerWith(time).PurgeAsync(ByAge);
        Assert.Equal(new RetentionResult { IsAnotherPurgeRunning = true }, second);
        Assert.Equal((35, false), (first.ScriptRows, first.IsAnotherPurgeRunning));
        Assert.Equal(0, snapshots); // what is held during pauses holds back no vacuum
        Assert.False((await other.PurgeAsync(ByAge)).IsAnotherPurgeRunning);
        Assert.Equal(0, await Sql.ScalarAsync<long>(_connectionString, "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"));
    }

    [Fact]
    public async Task Purge_whose_lock_is_lost_ends()
    {
        var time = new CountingTime(count =>
        {
            if (count == 1)
            {
                Sql.ExecuteAsync(_connectionString, "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())").GetAwaiter().GetResult();
            }
        });
        await using var purgeLock = await PurgeLock.TryTakeAsync(_database, new FastTime(), CancellationToken.None);
        var purge = new Purge(_database, new RetentionTable(_database), purgeLock!, batchSize: 10, TimeSpan.FromSeconds(1), time);
        var now = await NowAsync();
        _ = await Assert.ThrowsAsync<RetentionException>(() => purge.RunAsync([.. RetentionRules.Of(ByAge, now)], CancellationToken.None));
        Assert.Equal("11-35", await ContentsAsync());
    }

    [Fact]
    public async Task Rows_that_others_have_locked_are_left_without_waiting()
    {
        await using var connection = await _dataSource.OpenConnectionAsync();
        await using (var transaction = await connection.BeginTransactionAsync())
        {
            await using var update = Sql.Command(connection, "UPDATE public.scripts SET content = content WHERE content IN ('1', '12')");
            _ = await update.ExecuteNonQueryAsync();
            Assert.Equal(33, (await PurgerWith(TimeProvider.System).PurgeAsync(ByAge)).ScriptRows);
        }

        Assert.Equal(2, (await PurgerWith(TimeProvider.System).PurgeAsync(ByAge)).ScriptRows);
    }

    [Theory]
    [InlineData("UPDATE public.scripts SET created_at = now() WHERE content = '3'")]
    [InlineData("UPDATE public.scripts SET content = 'refreshed' WHERE content = '3'")]
    public async Task Rows_that_changed_since_they_were_found_are_left(string change)
    {
        var table = new RetentionTable(_database);
        var rule = RetentionRules.Of(ByAge, await NowAsync()).Single();
        var found = await table.FindAsync(rule, from: null, CancellationToken.None);
        await Sql.ExecuteAsync(_connectionString, change);
        Assert.Equal(34, await new DeleteBatch(_database, rule, found.Rows, export: null).RunAsync(CancellationToken.None));
    }

    [Fact]
    public async Task Rows_that_took_the_place_of_found_ones_are_left()
    {
        var table = new RetentionTable(_database);
        var rule = RetentionRules.Of(ByAge, await NowAsync()).Single();
        var found = await table.FindAsync(rule, from: null, CancellationToken.None);
        await Sql.ExecuteAsync(_connectionString, "TRUNCATE public.scripts");
        await Sql.ExecuteAsync(_connectionString, "INSERT INTO public.scripts (content, created_at) SELECT n::text, now() - interval '1 year' FROM generate_series(1, 35) AS n");
        Assert.Equal(0, await new DeleteBatch(_database, rule, found.Rows, export: null).RunAsync(CancellationToken.None));
    }

    [Theory]
    [InlineData("")]
    [InlineData("ALTER TABLE public.scripts DROP CONSTRAINT scripts_pkey; DROP INDEX public.ix_scripts_created_at_id; UPDATE public.scripts SET id = '00000000-0000-0000-0000-000000000001', created_at = now() - interval '1 year' WHERE content IN ('5', '6', '7')")]
    [InlineData("UPDATE public.scripts SET created_at = '-infinity' WHERE content::int < 20")]
    public async Task Purge_finds_rows_piece_by_piece(string change)
    {
        await Sql.ExecuteAsync(_connectionString, change + ";");
        foreach (var options in new[] { ByAge, new RetentionOptions { KeepLatestScripts = 1 } })
        {
            await using var purgeLock = await PurgeLock.TryTakeAsync(_database, TimeProvider.System, CancellationToken.None);
            var purge = new Purge(_database, new RetentionTable(_database, findLimit: 4), purgeLock!, batchSize: 3, TimeSpan.Zero, TimeProvider.System);
            var result = await purge.RunAsync([.. RetentionRules.Of(options, await NowAsync())], CancellationToken.None);
            Assert.Equal(ReferenceEquals(options, ByAge) ? 35 : 4, result.ScriptRows);
            await Sql.ExecuteAsync(_connectionString, "INSERT INTO public.scripts (content, created_at) SELECT n::text, NULL FROM generate_series(1, 5) AS n");
        }
    }

    [Fact]
    public async Task Batch_does_not_read_the_whole_table_even_without_a_key()
    {
        await Sql.ExecuteAsync(_connectionString, """
            INSERT INTO public.scripts (content, created_at) SELECT n::text, now() - interval '1 year' FROM generate_series(1, 20000) AS n;
            ALTER TABLE public.scripts DROP CONSTRAINT scripts_pkey;
            """);
        await Sql.ExecuteAsync(_connectionString, "ANALYZE public.scripts");
        var rule = RetentionRules.Of(ByAge, await NowAsync()).Single();
        var rows = (await new RetentionTable(_database, findLimit: 1000).FindAsync(rule, from: null, CancellationToken.None)).Rows;

        var delete = await ExplainAsync(rule.DeleteSql, rule.Before, rows.Select(row => row.Place.ToString()).ToArray(), rows.Select(row => row.Id).ToArray());
        Assert.Contains("Tid Scan", delete, StringComparison.Ordinal);
        Assert.DoesNotContain("Seq Scan", delete, StringComparison.Ordinal);
        var find = await ExplainAsync(rule.FindSql(fromPosition: true, limit: 1000), rule.Before, new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc), rows[0].Id);
        Assert.Contains("ix_scripts_created_at_id", find, StringComparison.Ordinal);
        Assert.DoesNotContain("Sort", find, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Table_that_someone_changes_is_not_waited_for()
    {
        await using var connection = await _dataSource.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using var change = Sql.Command(connection, "LOCK TABLE public.scripts IN ACCESS EXCLUSIVE MODE");
        _ = await change.ExecuteNonQueryAsync();
        var began = Stopwatch.StartNew();
        var error = await Assert.ThrowsAsync<RetentionException>(() => PurgerWith(TimeProvider.System).PurgeAsync(ByAge));
        Assert.Equal(PostgresErrorCodes.LockNotAvailable, Assert.Single(error.Result.Skipped).SqlState);
        Assert.True(began.Elapsed < TimeSpan.FromSeconds(20), $"waited {began.Elapsed}");
    }

    [Fact]
    public async Task Deleted_rows_are_counted_by_table()
    {
        long counted = 0;
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, listening) =>
        {
            if (instrument.Name == "aisystemspec.retention.deleted")
            {
                listening.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((_, rows, tags, _) =>
        {
            if (tags.Contains(new KeyValuePair<string, object?>("aisystemspec.table", "public.pipeline_runs")))
            {
                _ = Interlocked.Add(ref counted, rows);
            }
        });
        listener.Start();
        await Sql.ExecuteAsync(_connectionString, "INSERT INTO public.pipeline_runs (status, created_at) SELECT 'odd', now() - interval '1 year' FROM generate_series(1, 12)");
        _ = await PurgerWith(TimeProvider.System).PurgeAsync(new RetentionOptions { RunAge = TimeSpan.FromDays(1), ScriptAge = TimeSpan.FromDays(1) });
        Assert.True(Interlocked.Read(ref counted) >= 12); // other tests of this process may purge too
    }

    [Fact]
    [Trait("Category", "PgBouncer")]
    public async Task Purge_works_through_a_pooler_in_transaction_mode()
    {
        await using var bouncer = await PgBouncer.StartAsync(_connectionString, poolSize: 2);
        await using var source = NpgsqlDataSource.Create(bouncer.ConnectionString);
        await using var database = new Database(source, ownsDataSource: false, commandTimeout: null, TimeProvider.System);
        var purger = new Purger(database, TimeProvider.System, NullLogger.Instance);
        Assert.Equal(35, (await purger.PurgeAsync(ByAge, new PurgeOptions { DryRun = true })).ScriptRows);
        var result = await purger.PurgeAsync(ByAge);
        Assert.Equal((35, 4), (result.ScriptRows, result.Batches));
        Assert.False((await purger.PurgeAsync(ByAge)).IsAnotherPurgeRunning);
        Assert.Equal("0", await Sql.ScalarAsync<string>(bouncer.ConnectionString, "SHOW lock_timeout"));
    }

    private Purger PurgerWith(TimeProvider time) => new(_database, time, NullLogger.Instance);

    private ValueTask<DateTimeOffset> NowAsync() => new RetentionTable(_database).ReadClockAsync(CancellationToken.None);

    private async Task<string> ContentsAsync() =>
        await Sql.ScalarAsync<string>(_connectionString, "SELECT min(content::int) || '-' || max(content::int) FROM public.scripts HAVING count(*) = 1 + max(content::int) - min(content::int)") ?? "";

    private async Task<string> ExplainAsync(string sql, params object[] values)
    {
        await using var connection = await Sql.OpenAsync(_connectionString);
        await using var command = Sql.Command(connection, "EXPLAIN " + sql, values);
        await using var reader = await command.ExecuteReaderAsync();
        var lines = new List<string>();
        while (await reader.ReadAsync())
        {
            lines.Add(reader.GetString(0));
        }

        return string.Join('\n', lines);
    }

    /// <summary>A clock that is always past the time of the next ping.</summary>
    private sealed class FastTime : TimeProvider
    {
        private long _now;

        public override long TimestampFrequency => 1;

        public override long GetTimestamp() => Interlocked.Add(ref _now, 100);
    }
}
