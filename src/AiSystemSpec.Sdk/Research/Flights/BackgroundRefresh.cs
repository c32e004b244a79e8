using System.Diagnostics;
using AiSystemSpec.Sdk.Ambient;
using AiSystemSpec.Sdk.Diagnostics;

namespace AiSystemSpec.Sdk.Research.Flights;

/// <summary>Makes an entry's next version in good time, while its callers are served the one that is there.</summary>
internal sealed class BackgroundRefresh(FlightTable flights, ResearchRunner runner, BackgroundPauses pauses)
{
    /// <summary>Starts a research unless one is under way, or the last one failed a short while ago.</summary>
    public void Start(ResearchRequest request)
    {
        if (flights.Contains(request.Topic) || pauses.IsPausing(request.Topic, out _))
        {
            return;
        }

        var caller = Activity.Current?.Context;
        var (flight, isOwner) = flights.JoinOrStart(request.Topic, withoutLock: false, beginsAfterNow: false, flight => RunAsync(flight, request, caller));
        if (isOwner)
        {
            flight.ContinueInBackground();
        }

        flight.Leave();
    }

    /// <summary>
    /// Runs outside of the caller's activity and stage, which may be over before: in an activity of its own, with a link to the caller's.
    /// </summary>
    private async Task<FlightResult?> RunAsync(Flight flight, ResearchRequest request, ActivityContext? caller)
    {
        Activity.Current = null; // of this flow only; else it would be the parent
        CurrentStage.Leave();
        var links = caller is { } context ? new[] { new ActivityLink(context) } : null;
        using var activity = Instruments.Activities.StartActivity("aisystemspec.research.refresh", ActivityKind.Internal, default(ActivityContext), links: links);
        try
        {
            var result = await runner.RunAsync(flight, request).ConfigureAwait(false);
            if (result?.SaveError is { } error)
            {
                _ = activity?.SetStatus(ActivityStatusCode.Error, error.GetType().Name);
            }

            return result;
        }
        catch (Exception exception)
        {
            _ = activity?.SetStatus(ActivityStatusCode.Error, exception.GetType().Name);
            throw;
        }
    }
}
