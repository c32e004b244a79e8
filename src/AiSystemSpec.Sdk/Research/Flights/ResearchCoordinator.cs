using AiSystemSpec.Sdk.Diagnostics;

namespace AiSystemSpec.Sdk.Research.Flights;

/// <summary>
/// Serves one caller of <see cref="IResearchCache.GetOrResearchAsync"/>: from the cache, from a flight, or with a stale entry as its
/// policy allows.
/// </summary>
internal sealed class ResearchCoordinator(
    LookupCoalescer lookups, FlightTable flights, BackgroundRefresh refresh, BackgroundPauses pauses, ResearchRunner runner, ResearchClock clock,
    ResearchInstruments instruments)
{
    public async ValueTask<ResearchResult> ServeAsync(
        string topic, Func<ResearchContext, CancellationToken, Task<string>> research, ResearchPolicy policy, CancellationToken cancellationToken)
    {
        var askedAt = clock.Timestamp;
        var seen = await lookups.LookAsync(topic, cancellationToken).ConfigureAwait(false);
        var reason = policy.ForceRefresh ? MissReason.Forced : policy.MissReasonOf(seen);
        var request = new ResearchRequest(topic, research, policy, seen, askedAt) { WaitsSince = clock.Timestamp };
        if (reason != MissReason.None)
        {
            instruments.CountMiss(reason);
            return await ResearchAsync(request, reason, cancellationToken).ConfigureAwait(false);
        }

        instruments.CountHit();
        instruments.RecordSaving(clock.MeanSeconds);
        if (policy.WantsEagerRefresh(seen!))
        {
            refresh.Start(request with { IsEager = true });
        }

        return new ResearchResult { Entry = seen!.Entry, Outcome = ResearchOutcome.Hit, Age = seen.Age, Saved = true };
    }

    private async Task<ResearchResult> ResearchAsync(ResearchRequest request, MissReason reason, CancellationToken cancellationToken)
    {
        if (IsPausing(request, out var error))
        {
            return Stale(request, reason, ResearchOutcome.StaleOnError, error);
        }

        var waitsSince = request.WaitsSince;
        var withoutLock = false;
        while (true)
        {
            var (flight, isOwner) = flights.JoinOrStart(request.Topic, withoutLock, beginsAfterNow: request.Policy.ForceRefresh, begun => runner.RunAsync(begun, request));
            try
            {
                using var wait = WaitGraph.WaitFor(flight, cancellationToken);
                switch (await WaitAsync(flight, isOwner, request, waitsSince, cancellationToken).ConfigureAwait(false))
                {
                    case WaitEnd.SoftTimeout:
                        flight.ContinueInBackground();
                        return Stale(request, reason, ResearchOutcome.StaleOnTimeout);
                    case WaitEnd.LockWait when MayServeStale(request):
                        return Stale(request, reason, ResearchOutcome.StaleOnTimeout);
                    case WaitEnd.LockWait:
                        flights.Detach(flight);
                        (withoutLock, waitsSince) = (true, clock.Timestamp);
                        continue;
                }

                if (await ToResultAsync(flight, isOwner, request, reason).ConfigureAwait(false) is { } answer)
                {
                    return answer;
                }
            }
            finally
            {
                flight.Leave();
            }
        }
    }

    /// <summary>
    /// Turns an ended flight into this caller's answer; none where the result does not do for its policy, and it must fly itself.
    /// </summary>
    private async Task<ResearchResult?> ToResultAsync(Flight flight, bool isOwner, ResearchRequest request, MissReason reason)
    {
        FlightResult? result;
        try
        {
            result = await flight.Completion.ConfigureAwait(false);
        }
        catch (Exception exception) when (MayServeStale(request))
        {
            return Stale(request, reason, ResearchOutcome.StaleOnError, exception);
        }

        if (result is null)
        {
            // It did not get the lock. Its owner is served; who joined waits for the lock as long as its own policy says.
            return isOwner ? Stale(request, reason, ResearchOutcome.StaleOnTimeout) : null;
        }

        var isGood = isOwner || (result.Researched
            ? request.Policy.IsValid(result.Observation)
            : !request.Policy.ForceRefresh && request.Policy.MissReasonOf(result.Observation) == MissReason.None);
        return isGood ? Answer(result, isOwner, reason) : null;
    }

    private static ResearchResult Answer(FlightResult result, bool isOwner, MissReason reason) => new()
    {
        Entry = result.Observation.Copy().Entry, // the owner's, too: it may be changed before those who joined have copied theirs
        Outcome = isOwner && result.Researched ? ResearchOutcome.Researched : ResearchOutcome.WaitedForOther,
        MissReason = reason,
        Age = result.Researched ? TimeSpan.Zero : result.Observation.Age,
        Saved = result.Saved,
        SaveError = result.SaveError,
    };

    private ResearchResult Stale(ResearchRequest request, MissReason reason, ResearchOutcome outcome, Exception? error = null) => new()
    {
        Entry = request.Seen!.Entry,
        Outcome = outcome,
        MissReason = reason,
        Age = request.Seen.Age + clock.Elapsed(request.AskedAt),
        Saved = true,
        RefreshError = error,
    };

    /// <summary>
    /// Whether a caller who would not wait for the end is served at once, since the last research failed behind the back of one like it.
    /// </summary>
    private bool IsPausing(ResearchRequest request, out Exception? error)
    {
        error = null;
        return request.Policy is { SoftTimeout: not null, ForceRefresh: false }
            && pauses.IsPausing(request.Topic, out error) && error is not null
            && MayServeStale(request) && !flights.Contains(request.Topic);
    }

    private bool MayServeStale(ResearchRequest request) => request.Policy.MayServeStale(request.Seen, clock.Elapsed(request.AskedAt));

    /// <summary>Waits for the flight's end, or for the first limit that this caller has.</summary>
    private async Task<WaitEnd> WaitAsync(
        Flight flight, bool isOwner, ResearchRequest request, long waitsSince, CancellationToken cancellationToken)
    {
        var soft = request.Policy.SoftTimeout is { } limit && MayServeStale(request) ? limit - clock.Elapsed(request.AskedAt) : TimeSpan.MaxValue;
        // The flight's owner bounds its wait for other processes itself, and its own research has no limit.
        var lockWait = isOwner ? TimeSpan.MaxValue : request.Policy.LockWait - clock.Elapsed(waitsSince);
        var shortest = soft < lockWait ? soft : lockWait;
        if (shortest == TimeSpan.MaxValue)
        {
            await EndOf(flight).WaitAsync(cancellationToken).ConfigureAwait(false);
            return WaitEnd.Completed;
        }

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var timer = clock.DelayAsync(shortest > TimeSpan.Zero ? shortest : TimeSpan.Zero, stop.Token);
        var first = await Task.WhenAny(flight.Completion, timer).ConfigureAwait(false);
        await stop.CancelAsync().ConfigureAwait(false);
        if (first == flight.Completion)
        {
            return WaitEnd.Completed;
        }

        cancellationToken.ThrowIfCancellationRequested();
        return soft <= lockWait ? WaitEnd.SoftTimeout : WaitEnd.LockWait;
    }

    /// <summary>The flight's end without its error, which each caller judges for itself.</summary>
    private static Task EndOf(Flight flight) => flight.Completion.ContinueWith(
        static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);

    private enum WaitEnd
    {
        Completed,
        SoftTimeout,
        LockWait,
    }
}
