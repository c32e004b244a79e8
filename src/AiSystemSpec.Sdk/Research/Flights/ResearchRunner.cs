using AiSystemSpec.Sdk.Connections.AdvisoryLocks;
using AiSystemSpec.Sdk.Diagnostics;
using AiSystemSpec.Sdk.Research.Locks;
using AiSystemSpec.Sdk.Research.Storing;
using AiSystemSpec.Sdk.Research.Table;
using AiSystemSpec.Sdk.Text;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace AiSystemSpec.Sdk.Research.Flights;

/// <summary>Flies a flight: takes the topic's lock, looks again, researches, stores, releases.</summary>
internal sealed class ResearchRunner(TopicReader reader, TopicStore store, TopicLocks locks, ResearchClock clock, ILogger logger)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(400);

    /// <summary>Runs the research of one caller for all who join.</summary>
    /// <param name="flight">The flight.</param>
    /// <param name="request">What the caller asked for.</param>
    /// <returns>The result; null where the wait for another process ran out and the caller takes a stale entry.</returns>
    public async Task<FlightResult?> RunAsync(Flight flight, ResearchRequest request)
    {
        if (flight.Before is { } before)
        {
            // No longer than for a lock.
            await clock.WaitForEndAsync(before.Completion, request.Policy.LockWait, flight.CancellationToken).ConfigureAwait(false);
            flight.Forget(before);
        }

        var (state, topicLock, found) = flight.WithoutLock
            ? (LockState.Unavailable, null, null)
            : await WaitForLockAsync(flight, request).ConfigureAwait(false);
        try
        {
            return state switch
            {
                LockState.Found => new FlightResult(found!, Researched: false, Saved: true, SaveError: null),
                LockState.TimedOut when request.IsEager || request.Policy.MayServeStale(request.Seen, clock.Elapsed(request.AskedAt)) => null,
                _ => await LookAndResearchAsync(flight, request).ConfigureAwait(false),
            };
        }
        finally
        {
            if (topicLock is not null)
            {
                await topicLock.ReleaseAsync().ConfigureAwait(false);
            }
        }
    }

    private async Task<(LockState State, TopicLock? Lock, Observation? Found)> WaitForLockAsync(Flight flight, ResearchRequest request)
    {
        var key = LockKeys.OfTopic(request.Topic);
        var wait = request.IsEager ? TimeSpan.Zero : request.Policy.LockWait;
        for (var pause = FirstPause; ; pause = pause < LongestPause ? pause * 1.5 : LongestPause)
        {
            try
            {
                if (await locks.TryAcquireAsync(key, flight, isFirstTry: pause == FirstPause, flight.CancellationToken).ConfigureAwait(false) is { } acquired)
                {
                    return (LockState.Acquired, acquired, null);
                }
            }
            catch (Exception exception) when (exception is NpgsqlException or InvalidOperationException)
            {
                Log.TopicLockUnavailable(logger, exception);
                return (LockState.Unavailable, null, null);
            }

            var left = wait - clock.Elapsed(request.WaitsSince); // a caller that joined another flight first has waited already
            if (left <= TimeSpan.Zero)
            {
                LogTimeout(request);
                return (LockState.TimedOut, null, null);
            }

            await PauseAsync(key, flight, pause < left ? pause : left).ConfigureAwait(false);
            if (!request.Policy.ForceRefresh
                && await reader.LookAsync(request.Topic, flight.CancellationToken).ConfigureAwait(false) is { } seen
                && request.IsSatisfiedBy(seen))
            {
                return (LockState.Found, null, seen);
            }
        }
    }

    /// <summary>
    /// Waits for another flight that has the lock; it may be of this process, too, where a host has two caches of one database.
    /// </summary>
    private async Task PauseAsync(long key, Flight flight, TimeSpan pause)
    {
        using var wait = locks.FindHolder(key) is Flight holder && !ReferenceEquals(holder, flight) ? WaitGraph.Between(flight, holder) : default;
        await clock.PauseAsync(pause, flight.CancellationToken).ConfigureAwait(false);
    }

    private async Task<FlightResult?> LookAndResearchAsync(Flight flight, ResearchRequest request)
    {
        var (seen, previous) = await reader.LookForAllAsync(request.Topic, expectsDated: request.Seen is not null, flight.CancellationToken).ConfigureAwait(false);
        if (!request.Policy.ForceRefresh && seen is not null && request.IsSatisfiedBy(seen))
        {
            return new FlightResult(seen, Researched: false, Saved: true, SaveError: null);
        }

        var context = new ResearchContext(request.Topic, previous);
        flight.MarkBegun();
        var began = clock.Timestamp;
        var content = await request.Research(context, flight.CancellationToken).ConfigureAwait(false);
        clock.Measured(clock.Elapsed(began));
        if (Freshness.IsBlank(content))
        {
            throw new EmptyResearchException();
        }

        return await SaveAsync(request.Topic, content, context.DoNotSave).ConfigureAwait(false);
    }

    /// <summary>Stores what was paid for: no longer cancelled by callers who have gone, and returned even where storing failed.</summary>
    private async Task<FlightResult> SaveAsync(string topic, string content, bool doNotStore)
    {
        var unstored = new Observation(new ResearchEntry { Topic = topic, Content = content }, SeenAt: default);
        if (doNotStore)
        {
            return new FlightResult(unstored, Researched: true, Saved: false, SaveError: null);
        }

        try
        {
            StoredText.ThrowIfInvalid(content, nameof(content));
            var entry = await store.SaveAsync(topic, content, CancellationToken.None).ConfigureAwait(false);
            return new FlightResult(new Observation(entry, entry.CreatedAt ?? default), Researched: true, Saved: true, SaveError: null);
        }
#pragma warning disable CA1031 // Whatever went wrong with the database, the result was paid for: it is returned with the error.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Log.ResearchNotStored(logger, exception);
            return new FlightResult(unstored, Researched: true, Saved: false, exception);
        }
    }

    private void LogTimeout(ResearchRequest request)
    {
        if (!request.IsEager)
        {
            Log.TopicLockTimedOut(logger, request.Policy.LockWait);
        }
    }

    private enum LockState
    {
        Acquired,
        Unavailable,
        Found,
        TimedOut,
    }
}
