using AiSystemSpec.Sdk.Diagnostics;
using AiSystemSpec.Sdk.Time;
using Microsoft.Extensions.Logging;

namespace AiSystemSpec.Sdk.Research.Flights;

/// <summary>The researches that are under way in this process: at most one a topic that callers can join, and those that were left behind.</summary>
internal sealed class FlightTable(TimeProvider timeProvider, ILogger logger)
{
    private static readonly TimeSpan CancellationGrace = TimeSpan.FromSeconds(1);

    private readonly Lock _sync = new();
    private readonly Dictionary<string, Flight> _byTopic = new(StringComparer.Ordinal);
    private readonly HashSet<Flight> _running = [];
    private bool _isClosed;

    /// <summary>Joins the topic's flight, or starts one.</summary>
    /// <returns>The flight, entered; and whether it was started here.</returns>
    /// <exception cref="ObjectDisposedException">The cache was disposed.</exception>
    public (Flight Flight, bool IsOwner) JoinOrStart(string topic, bool withoutLock, Func<Flight, Task<FlightResult?>> run)
    {
        lock (_sync)
        {
            ObjectDisposedException.ThrowIf(_isClosed, typeof(IResearchCache));
            if (_byTopic.TryGetValue(topic, out var flight) && flight is { CancellationToken.IsCancellationRequested: false, Completion.IsCompleted: false })
            {
                flight.Enter();
                return (flight, false);
            }

            flight = new Flight(topic, withoutLock);
            flight.Enter();
            _byTopic[topic] = flight;
            _ = _running.Add(flight);
            flight.Start(run);
            _ = flight.Completion.ContinueWith(
                static (completion, state) =>
                {
                    var (table, done) = ((FlightTable, Flight))state!;
                    table.End(done, completion.Exception?.InnerException);
                },
                (this, flight), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            return (flight, true);
        }
    }

    /// <summary>Whether the topic is being researched by a flight that callers can join.</summary>
    public bool Contains(string topic)
    {
        lock (_sync)
        {
            return _byTopic.ContainsKey(topic);
        }
    }

    /// <summary>Lets later callers start another flight, while this one goes on by itself.</summary>
    public void LeaveBehind(Flight flight)
    {
        lock (_sync)
        {
            Forget(flight);
        }
    }

    /// <summary>Takes no new flights, waits for those that are under way, and cancels what is left after the timeout.</summary>
    public async Task CloseAsync(TimeSpan timeout)
    {
        List<Flight> flights;
        lock (_sync)
        {
            _isClosed = true;
            flights = [.. _running];
        }

        var all = Task.WhenAll(flights.Select(flight => flight.Completion));
        if (await EndsWithinAsync(all, timeout).ConfigureAwait(false))
        {
            return;
        }

        var late = flights.FindAll(flight => !flight.Completion.IsCompleted);
        Log.ResearchCancelledAtShutdown(logger, late.Count, timeout);
        late.ForEach(flight => flight.Cancel());
        _ = await EndsWithinAsync(all, CancellationGrace).ConfigureAwait(false);
    }

    private async Task<bool> EndsWithinAsync(Task task, TimeSpan timeout)
    {
        // Whether the flights failed is their callers' business.
        var ended = task.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        using var stop = new CancellationTokenSource();
        var first = await Task.WhenAny(ended, timeProvider.Delay(timeout, stop.Token)).ConfigureAwait(false);
        await stop.CancelAsync().ConfigureAwait(false);
        return first == ended;
    }

    private void End(Flight flight, Exception? error)
    {
        lock (_sync)
        {
            Forget(flight);
            _ = _running.Remove(flight);
        }

        if (error is not null && flight.IsInBackground)
        {
            Log.BackgroundResearchFailed(logger, error);
        }
    }

    private void Forget(Flight flight)
    {
        if (_byTopic.TryGetValue(flight.Topic, out var current) && ReferenceEquals(current, flight))
        {
            _ = _byTopic.Remove(flight.Topic);
        }
    }
}
