using AiSystemSpec.Sdk.Connections.Opening;
using AiSystemSpec.Sdk.Migrations.Connections;

namespace AiSystemSpec.Sdk.Migrations.Locking;

/// <summary>
/// Watches, over a session of its own, who blocks a statement: afterwards nobody can say. Where no lock timeout reaches the statement,
/// it also bounds the wait from here, by cancelling it.
/// </summary>
internal sealed class BlockerWatch : IAsyncDisposable
{
    // A waiting index build is found by its text, since behind a pooler nobody knows its process.
    private const string Find = """
        SELECT b.pid, coalesce(b.usename::pg_catalog.text, ''), coalesce(b.application_name, ''), coalesce(b.state, 'state hidden'),
               pg_catalog.clock_timestamp() - b.xact_start,
               EXISTS (SELECT FROM pg_catalog.pg_stat_progress_create_index p WHERE p.pid = b.pid)
        FROM pg_catalog.pg_stat_activity a
        CROSS JOIN LATERAL pg_catalog.unnest(pg_catalog.pg_blocking_pids(a.pid)) AS k(pid)
        JOIN pg_catalog.pg_stat_activity b ON b.pid = k.pid
        WHERE a.datname = pg_catalog.current_database() AND a.state = 'active' AND a.pid <> pg_catalog.pg_backend_pid()
          AND pg_catalog.starts_with(a.query, $1)
        LIMIT 1
        """;

    // Runs take turns, so that there is one build; one of someone else's would be named as who is waited for.
    private const string Builds = """
        SELECT p.phase, (CASE WHEN p.tuples_total > 0 THEN 100.0 * p.tuples_done / p.tuples_total WHEN p.blocks_total > 0 THEN 100.0 * p.blocks_done / p.blocks_total END)::pg_catalog.float8
        FROM pg_catalog.pg_stat_progress_create_index p WHERE p.datname = pg_catalog.current_database() ORDER BY p.pid DESC LIMIT 1
        """;

    // pg_stat_activity keeps the first 1,024 bytes of a query.
    private const int ComparedLength = 200;

    private const int MostFailures = 3;

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    // A look at the catalog is answered at once; what is not answered is a lost connection that nobody has told of.
    private static readonly TimeSpan LongestLook = TimeSpan.FromSeconds(10);

    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _bounded;
    private readonly TimeProvider _timeProvider;
    private readonly TimeSpan _lookLimit;
    private readonly IProgress<MigrationActivity>? _activity;
    private readonly Task _watching;

    private BlockerWatch(ConnectionSource source, string[] statements, TimeSpan? limit, TimeProvider timeProvider, CancellationToken cancellationToken, IProgress<MigrationActivity>? activity)
    {
        _activity = activity;
        _timeProvider = timeProvider;
        _lookLimit = limit < LongestLook ? limit.Value : LongestLook;
        _bounded = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _watching = WatchAsync(source, statements, limit, _stop.Token);
    }

    /// <summary>Ends the statement when it has waited for too long.</summary>
    public CancellationToken Token => _bounded.Token;

    /// <summary>Whether it was this that ended the statement.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>Why nobody bounds the statement any more, so that it was ended; null while somebody does, or nobody need.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>Who was last seen in the way.</summary>
    public Blocker? Last { get; private set; }

    /// <param name="source">Where to look.</param>
    /// <param name="statements">The statements that may wait.</param>
    /// <param name="limit">How long one may wait; null where the server itself limits it.</param>
    /// <param name="timeProvider">Times the looks.</param>
    /// <param name="cancellationToken">The caller's.</param>
    /// <param name="activity">Who is told of each look.</param>
    public static BlockerWatch Start(
        ConnectionSource source, IEnumerable<string> statements, TimeSpan? limit, TimeProvider timeProvider, CancellationToken cancellationToken,
        IProgress<MigrationActivity>? activity = null) =>
        new(source, [.. statements.Select(Prefix).Where(prefix => prefix.Length > "COMMIT".Length)], limit, timeProvider, cancellationToken, activity);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _watching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
        _bounded.Dispose();
    }

    private static string Prefix(string statement)
    {
        var text = statement.TrimEnd(';', '\n', ' ');
        return text.Length <= ComparedLength ? text : text[..ComparedLength];
    }

    private async Task WatchAsync(ConnectionSource source, string[] statements, TimeSpan? limit, CancellationToken cancellationToken)
    {
        for (var failures = 0; ;)
        {
            try
            {
                await Task.Delay(Interval, _timeProvider, cancellationToken).ConfigureAwait(false); // most statements never wait
                var session = await OpenAsync(source, cancellationToken).ConfigureAwait(false);
                await using (session.ConfigureAwait(false))
                {
                    for (long? since = null; ; failures = 0)
                    {
                        since = await LookAsync(session, statements, since, cancellationToken).ConfigureAwait(false);
                        if (since is { } start && _timeProvider.GetElapsedTime(start) > limit)
                        {
                            HasEnded = true;
                            await _bounded.CancelAsync().ConfigureAwait(false);
                            return;
                        }

                        await Task.Delay(Interval, _timeProvider, cancellationToken).ConfigureAwait(false);
                    }
                }
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
            {
                if (++failures < MostFailures)
                {
                    continue;
                }

                if (limit is not null)
                {
                    // Without this nothing would ever end a build that waits.
                    Failure = exception;
                    await _bounded.CancelAsync().ConfigureAwait(false);
                }

                return;
            }
        }
    }

    private async Task<Session> OpenAsync(ConnectionSource source, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(_lookLimit + _lookLimit, _timeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        return await Session.OpenAsync(source, either.Token).ConfigureAwait(false);
    }

    /// <returns>Since when somebody has been in the way; null where nobody is.</returns>
    private async Task<long?> LookAsync(Session session, string[] statements, long? since, CancellationToken cancellationToken)
    {
        // Cancelled, and not only left: the connection goes back to the services' pool when the look has ended.
        using var limit = new CancellationTokenSource(_lookLimit, _timeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        var blocker = await FindAsync(session, statements, either.Token).ConfigureAwait(false);
        Last = blocker ?? Last;
        if (_activity is not null)
        {
            var builds = await session.QueryAsync(
                Builds, reader => ((string?)reader.GetString(0), reader.IsDBNull(1) ? (double?)null : reader.GetDouble(1)), either.Token).ConfigureAwait(false);
            var (phase, percent) = builds.Count > 0 ? builds[0] : (null, null);
            _activity.Report(new MigrationActivity { Phase = phase, Percent = percent, WaitedFor = blocker?.ToString() });
        }

        return blocker is null ? null : since ?? _timeProvider.GetTimestamp();
    }

    private static async Task<Blocker?> FindAsync(Session session, string[] statements, CancellationToken cancellationToken)
    {
        foreach (var statement in statements)
        {
            var found = await session.QueryAsync(
                Find,
                reader => new Blocker(reader.GetInt32(0), reader.GetString(1), reader.GetString(2), reader.GetString(3), reader.IsDBNull(4) ? null : reader.GetTimeSpan(4), reader.GetBoolean(5)),
                cancellationToken,
                statement).ConfigureAwait(false);
            if (found.Count > 0)
            {
                return found[0];
            }
        }

        return null;
    }
}
