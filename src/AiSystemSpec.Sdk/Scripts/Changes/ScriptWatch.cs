using System.Runtime.CompilerServices;
using AiSystemSpec.Sdk.Diagnostics;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace AiSystemSpec.Sdk.Scripts.Changes;

/// <summary>
/// Looks again and again. Where nothing was committed anywhere on the server, a look is all. Else the table is read for new transactions,
/// at most half a percent of the time and at least once a minute; between two such passes an index finds what is new as a rule.
/// </summary>
internal sealed class ScriptWatch(
    ChangeFeed feed, ScriptWatchOptions options, SaveSignal saves, ScriptInstruments instruments, TimeProvider timeProvider, ILogger logger)
{
    private const int RowsAtOnce = 100;
    private const int PauseForPass = 200; // times as long as the pass took

    private static readonly TimeSpan ShortestPoll = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan LongestPoll = TimeSpan.FromDays(1);
    private static readonly TimeSpan LongestPauseForPass = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan OldWindow = TimeSpan.FromMinutes(10);

    private readonly WatchPauses _pauses = new(options, saves, timeProvider);
    private readonly WindowAge _window = new(timeProvider, OldWindow);
    private bool _isSkipping = options.FromNow;
    private bool _isAway;
    private bool _isBehind;
    private long _passEnded;
    private TimeSpan _pauseForPass;

    /// <summary>Refuses what cannot be done, before the first look.</summary>
    public static void ThrowIfInvalid(ScriptWatchOptions options, string? cursor)
    {
        if (options.MinPoll < ShortestPoll || options.MinPoll > options.MaxPoll || options.MaxPoll > LongestPoll)
        {
            throw new ArgumentOutOfRangeException(
                nameof(options), $"ScriptWatchOptions.MinPoll and MaxPoll are {options.MinPoll} and {options.MaxPoll}. Give pauses of 10 milliseconds to a day, MinPoll no longer than MaxPoll.");
        }

        if (cursor is not null)
        {
            _ = options.FromNow
                ? throw new ArgumentException("ScriptWatchOptions.FromNow begins at the end, and the cursor at another place. Give one of them.", nameof(cursor))
                : ChangeCursor.Read(cursor, nameof(cursor));
        }
    }

    public async IAsyncEnumerable<ScriptChange> RunAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            _pauses.Begin();
            var changes = await TryStepAsync(cancellationToken).ConfigureAwait(false);
            foreach (var change in changes ?? [])
            {
                yield return change;
            }

            if (changes is not null)
            {
                options.OnProgress?.Invoke(feed.Cursor!);
            }

            if (changes is null || feed.IsAtRest)
            {
                await _pauses.WaitAsync(changes is { Count: > 0 }, _isBehind ? UntilPass() : null, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Takes a step, and outlives the database's absence.</summary>
    /// <returns>What it found; null where it failed.</returns>
    private async Task<List<ScriptChange>?> TryStepAsync(CancellationToken cancellationToken)
    {
        try
        {
            var changes = await StepAsync(cancellationToken).ConfigureAwait(false);
            if (_isAway)
            {
                _isAway = false;
                Log.FeedBack(logger);
            }

            instruments.CountDelivered(changes.Count);
            return changes;
        }
        catch (Exception exception) when (exception is NpgsqlException or TimeoutException && !cancellationToken.IsCancellationRequested)
        {
            if (!_isAway)
            {
                _isAway = true;
                Log.FeedAway(logger, exception);
            }

            return null;
        }
    }

    private async Task<List<ScriptChange>> StepAsync(CancellationToken cancellationToken)
    {
        if (_isSkipping)
        {
            await feed.SkipAsync(cancellationToken).ConfigureAwait(false);
            _isSkipping = false;
            return [];
        }

        if (!feed.IsAtRest)
        {
            return await feed.ReadAsync(FeedReader.MostKeys, RowsAtOnce, cancellationToken).ConfigureAwait(false);
        }

        var look = await feed.LookAsync(cancellationToken).ConfigureAwait(false);
        Watch(look);
        _isBehind = feed.IsAtRest && look.IsHeap && look.Page.Snapshot != feed.Snapshot;
        return !feed.IsAtRest ? []
            : look.IsHeap && !_isBehind ? []
            : !look.IsHeap || UntilPass() == TimeSpan.Zero ? await BeginPassAsync(cancellationToken).ConfigureAwait(false)
            : look.IsIndexed ? await feed.ReadRecentAsync(RowsAtOnce, cancellationToken).ConfigureAwait(false)
            : [];
    }

    private async Task<List<ScriptChange>> BeginPassAsync(CancellationToken cancellationToken)
    {
        var began = timeProvider.GetTimestamp();
        var changes = await feed.ReadAsync(FeedReader.MostKeys, RowsAtOnce, cancellationToken).ConfigureAwait(false);
        _passEnded = timeProvider.GetTimestamp();
        var pause = timeProvider.GetElapsedTime(began, _passEnded) * PauseForPass;
        _pauseForPass = pause < LongestPauseForPass ? pause : LongestPauseForPass;
        _isBehind = false;
        return changes;
    }

    private TimeSpan UntilPass()
    {
        var left = _pauseForPass - timeProvider.GetElapsedTime(_passEnded);
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    private void Watch(FeedLook look)
    {
        if (feed.Xmin is { } xmin)
        {
            instruments.RecordWindow(look.Page.Xmax - xmin);
            if (_window.HasGrownOld(look.Page))
            {
                Log.FeedWindowIsOld(logger, (int)OldWindow.TotalMinutes);
            }
        }
    }
}
