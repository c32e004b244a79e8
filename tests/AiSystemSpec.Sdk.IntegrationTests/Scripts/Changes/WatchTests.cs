using System.Diagnostics;
using AiSystemSpec.Sdk.IntegrationTests.Infrastructure;

namespace AiSystemSpec.Sdk.IntegrationTests.Scripts.Changes;

public sealed class WatchTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private const int Away = 2001;

    private static readonly ScriptWatchOptions Seldom = new() { MinPoll = TimeSpan.FromSeconds(25), MaxPoll = TimeSpan.FromSeconds(30) };

    private HostServices _sdk = null!;
    private string _database = postgres.ConnectionString;

    public async Task InitializeAsync()
    {
        _database = await PostgresFixture.CreateDatabaseAsync();
        _sdk = HostServices.Over(_database);
    }

    public async Task DisposeAsync() => await _sdk.DisposeAsync();

    [Fact]
    public async Task Watch_outlives_an_outage_and_misses_nothing_of_it()
    {
        await using var server = new OutageProxy(_database);
        using var log = new WarningLog();
        await using var host = HostServices.Over(server.ConnectionString, log);
        await using var watching = new Watching(host.Scripts);
        await FeedSession.InsertAsync(_database, "before");
        await watching.HasAsync("before");

        server.TakeAway();
        await FeedSession.InsertAsync(_database, "meanwhile");
        await Until.TrueAsync(() => log.Of(Away).Count == 1);
        server.BringBack();
        await FeedSession.InsertAsync(_database, "after");

        await watching.HasAsync("before", "meanwhile", "after");
        Assert.Equal(3, watching.Changes.Count);
        Assert.Single(log.Of(Away));
    }

    [Fact]
    public async Task Watch_of_a_database_before_its_migrations_waits_for_them()
    {
        var empty = await postgres.CreateEmptyDatabaseAsync();
        using var log = new WarningLog();
        await using var host = HostServices.Over(empty, log);
        await using var watching = new Watching(host.Scripts);
        await Until.TrueAsync(() => log.Of(Away).Count == 1);

        _ = await Migrations.MigratorHost.MigrateAsync(empty);
        await Sql.ExecuteAsync(empty, "GRANT ALL ON public.scripts TO PUBLIC; ALTER TABLE public.scripts DISABLE ROW LEVEL SECURITY");
        await FeedSession.InsertAsync(empty, "first");

        await watching.HasAsync("first");
    }

    [Fact]
    public async Task What_the_process_saves_ends_a_pause()
    {
        await using var watching = new Watching(_sdk.Scripts, options: Seldom);
        await Until.TrueAsync(() => watching.Progress is not null);
        var time = Stopwatch.StartNew();

        _ = await _sdk.Scripts.SaveAsync("mine");
        await watching.HasAsync("mine");

        Assert.InRange(time.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(15)); // the pause is longer
    }

    [Fact]
    public async Task FromNow_passes_over_what_is_there_and_nothing_else()
    {
        await Sql.ExecuteAsync(_database, "INSERT INTO public.scripts (content, created_at) SELECT i::text, CASE WHEN i > 5 THEN now() - i * interval '1 h' END FROM generate_series(1, 500) i");
        await using var late = await Sql.OpenAsync(_database);
        await using var transaction = await late.BeginTransactionAsync();
        await using (var insert = Sql.Command(late, "INSERT INTO public.scripts (content) VALUES ('late')"))
        {
            _ = await insert.ExecuteNonQueryAsync();
        }

        await FeedSession.InsertAsync(_database, "committed");
        await using var watching = new Watching(_sdk.Scripts, options: new ScriptWatchOptions { FromNow = true, MinPoll = TimeSpan.FromMilliseconds(10) });
        await Until.TrueAsync(() => watching.Progress is not null);
        await transaction.CommitAsync();
        await FeedSession.InsertAsync(_database, "new");

        await watching.HasAsync("late", "new");
        Assert.Equal(2, watching.Changes.Count);
    }

    [Fact]
    public async Task Another_process_goes_on_from_a_cursor_or_from_the_progress()
    {
        await FeedSession.InsertAsync(_database, "one");
        await FeedSession.InsertAsync(_database, "two");
        string? first;
        string? progress;
        await using (var watching = new Watching(_sdk.Scripts))
        {
            await watching.HasAsync("one", "two");
            await watching.LookAsync();
            (first, progress) = (watching.Changes.Single(change => change.Script.Content is "one").Cursor, watching.Progress);
        }

        await FeedSession.InsertAsync(_database, "three");
        await using var other = HostServices.Over(_database);
        await using var fromFirst = new Watching(other.Scripts, first);
        await using var fromProgress = new Watching(other.Scripts, progress);

        await fromFirst.HasAsync("two", "three");
        await fromProgress.HasAsync("three");
        Assert.Single(fromProgress.Changes);
    }

    [Fact]
    public async Task No_connection_is_held_while_the_body_runs()
    {
        await using var host = HostServices.Over(new Npgsql.NpgsqlConnectionStringBuilder(_database) { MaxPoolSize = 1, Timeout = 5 }.ConnectionString);
        for (var i = 0; i < 3; i++)
        {
            await FeedSession.InsertAsync(_database, $"{i}");
        }

        using var end = new CancellationTokenSource();
        var seen = 0;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var change in host.Scripts.WatchAsync(cancellationToken: end.Token))
            {
                Assert.NotNull(await host.Scripts.GetAsync(change.Script.Id));
                if (++seen == 3)
                {
                    await end.CancelAsync();
                }
            }
        });
        Assert.Equal(3, seen);
    }

    [Fact]
    public async Task Tokens_of_the_call_and_of_the_enumeration_both_end_it()
    {
        using var end = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var _ in _sdk.Scripts.WatchAsync(cancellationToken: CancellationToken.None).WithCancellation(end.Token))
            {
            }
        });
    }

    [Fact]
    public async Task What_cannot_be_done_is_refused_at_the_call()
    {
        var cursor = (await _sdk.Scripts.GetChangesAsync()).Cursor;

        Assert.Equal("cursor", Assert.Throws<ArgumentException>(() => _sdk.Scripts.WatchAsync(cursor, new ScriptWatchOptions { FromNow = true })).ParamName);
        foreach (var (min, max) in new[] { (0.0, 1.0), (-1, 1), (2, 1), (1, 100_000) })
        {
            var options = new ScriptWatchOptions { MinPoll = TimeSpan.FromSeconds(min), MaxPoll = TimeSpan.FromSeconds(max) };
            Assert.Equal("options", Assert.Throws<ArgumentOutOfRangeException>(() => _sdk.Scripts.WatchAsync(options: options)).ParamName);
        }
    }

    [Fact]
    public async Task Cursor_of_another_database_is_refused_by_name_when_the_loop_begins()
    {
        var cursor = (await _sdk.Scripts.GetChangesAsync()).Cursor;
        await using var other = HostServices.Over(await PostgresFixture.CreateDatabaseAsync());

        await using var changes = other.Scripts.WatchAsync(cursor).GetAsyncEnumerator();
        var refused = await Assert.ThrowsAsync<ArgumentException>(async () => await changes.MoveNextAsync());

        Assert.Contains(new Npgsql.NpgsqlConnectionStringBuilder(_database).Database!, refused.Message, StringComparison.Ordinal);
    }
}
