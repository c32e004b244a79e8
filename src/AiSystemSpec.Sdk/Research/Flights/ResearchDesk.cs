using AiSystemSpec.Sdk.Diagnostics;

namespace AiSystemSpec.Sdk.Research.Flights;

/// <summary>Serves one caller of <see cref="IResearchCache.GetOrResearchAsync"/>: from the cache, from a flight, or with a stale entry as its terms allow.</summary>
internal sealed class ResearchDesk(
    SharedLooks looks, FlightTable flights, BackgroundRefresh refresh, BackgroundPauses pauses, ResearchRunner runner, ResearchClock clock)
{
    public async ValueTask<ResearchResult> ServeAsync(
        string topic, Func<ResearchContext, CancellationToken, Task<string>> research, ResearchTerms terms, CancellationToken cancellationToken)
    {
        var askedAt = clock.Timestamp;
        var seen = await looks.LookAsync(topic, cancellationToken).ConfigureAwait(false);
        var reason = terms.ForceRefresh ? MissReason.Forced : terms.Judge(seen);
        var request = new ResearchRequest(topic, research, terms, seen, askedAt) { WaitsSince = clock.Timestamp };
        if (reason != MissReason.None)
        {
            ResearchInstruments.Misses.Add(1, ResearchInstruments.Reason(reason));
            return await FlyAsync(request, reason, cancellationToken).ConfigureAwait(false);
        }

        ResearchInstruments.Hits.Add(1);
        ResearchInstruments.Saved.Add(clock.MeanSeconds);
        if (terms.WantsEagerRefresh(seen!))
        {
            refresh.Start(request with { IsEager = true });
        }

        return new ResearchResult { Entry = seen!.Entry, Outcome = ResearchOutcome.Hit, Age = seen.Age, Stored = true };
    }

    private async Task<ResearchResult> FlyAsync(ResearchRequest request, MissReason reason, CancellationToken cancellationToken)
    {
        if (IsPausing(request, out var error))
        {
            return Stale(request, reason, ResearchOutcome.StaleOnError, error);
        }

        var waitsSince = request.WaitsSince;
        var withoutLock = false;
        while (true)
        {
            var (flight, isOwner) = flights.JoinOrStart(request.Topic, withoutLock, beginsAfterNow: request.Terms.ForceRefresh, begun => runner.RunAsync(begun, request));
            try
            {
                using var wait = WaitGraph.WaitFor(flight, cancellationToken);
                switch (await WaitAsync(flight, isOwner, request, waitsSince, cancellationToken).ConfigureAwait(false))
                {
                    case WaitEnd.SoftTimeout:
                        flight.LetGo();
                        return Stale(request, reason, ResearchOutcome.StaleOnTimeout);
                    case WaitEnd.LockWait when MayServeStale(request):
                        return Stale(request, reason, ResearchOutcome.StaleOnTimeout);
                    case WaitEnd.LockWait:
                        flights.LeaveBehind(flight);
                        (withoutLock, waitsSince) = (true, clock.Timestamp);
                        continue;
                }

                if (await LandAsync(flight, isOwner, request, reason).ConfigureAwait(false) is { } answer)
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

    /// <summary>Turns an ended flight into this caller's answer; none where the result does not do for its terms, and it must fly itself.</summary>
    private async Task<ResearchResult?> LandAsync(Flight flight, bool isOwner, ResearchRequest request, MissReason reason)
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
            // It did not get the lock. Its owner is served; who joined waits for the lock as long as its own terms say.
            return isOwner ? Stale(request, reason, ResearchOutcome.StaleOnTimeout) : null;
        }

        var isGood = isOwner || (result.Researched
            ? request.Terms.IsValid(result.Observation)
            : !request.Terms.ForceRefresh && request.Terms.Judge(result.Observation) == MissReason.None);
        return isGood ? Answer(result, isOwner, reason) : null;
    }

    private static ResearchResult Answer(FlightResult result, bool isOwner, MissReason reason) => new()
    {
        Entry = result.Observation.Copy().Entry, // the owner's, too: it may be changed before those who joined have copied theirs
        Outcome = isOwner && result.Researched ? ResearchOutcome.Researched : ResearchOutcome.WaitedForOther,
        MissReason = reason,
        Age = result.Researched ? TimeSpan.Zero : result.Observation.Age,
        Stored = result.Stored,
        StoreError = result.StoreError,
    };

    private ResearchResult Stale(ResearchRequest request, MissReason reason, ResearchOutcome outcome, Exception? error = null) => new()
    {
        Entry = request.Seen!.Entry,
        Outcome = outcome,
        MissReason = reason,
        Age = request.Seen.Age + clock.Elapsed(request.AskedAt),
        Stored = true,
        RefreshError = error,
    };

    /// <summary>Whether a caller who would not wait for the end is served at once, since the last research failed behind the back of one like it.</summary>
    private bool IsPausing(ResearchRequest request, out Exception? error)
    {
        error = null;
        return request.Terms is { SoftTimeout: not null, ForceRefresh: false }
            && pauses.IsPausing(request.Topic, out error) && error is not null
            && MayServeStale(request) && !flights.Contains(request.Topic);
    }

    private bool MayServeStale(ResearchRequest request) => request.Terms.MayServeStale(request.Seen, clock.Elapsed(request.AskedAt));

    /// <summary>Waits for the flight's end, or for the first limit that this caller has.</summary>
    private async Task<WaitEnd> WaitAsync(Flight flight, bool isOwner, ResearchRequest request, long waitsSince, CancellationToken cancellationToken)
    {
        var soft = request.Terms.SoftTimeout is { } limit && MayServeStale(request) ? limit - clock.Elapsed(request.AskedAt) : TimeSpan.MaxValue;
        // The flight's owner bounds its wait for other processes itself, and its own research has no limit.
        var lockWait = isOwner ? TimeSpan.MaxValue : request.Terms.LockWait - clock.Elapsed(waitsSince);
        var shortest = soft < lockWait ? soft : lockWait;
        if (shortest == TimeSpan.MaxValue)
        {
            await EndOf(flight).WaitAsync(cancellationToken).ConfigureAwait(false);
            return WaitEnd.Landed;
        }

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var timer = clock.DelayAsync(shortest > TimeSpan.Zero ? shortest : TimeSpan.Zero, stop.Token);
        var first = await Task.WhenAny(flight.Completion, timer).ConfigureAwait(false);
        await stop.CancelAsync().ConfigureAwait(false);
        if (first == flight.Completion)
        {
            return WaitEnd.Landed;
        }

        cancellationToken.ThrowIfCancellationRequested();
        return soft <= lockWait ? WaitEnd.SoftTimeout : WaitEnd.LockWait;
    }

    /// <summary>The flight's end without its error, which each caller judges for itself.</summary>
    private static Task EndOf(Flight flight) => flight.Completion.ContinueWith(
        static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);

    private enum WaitEnd
    {
        Landed,
        SoftTimeout,
        LockWait,
    }
}
