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
    /// <param name="topic">The topic.</param>
    /// <param name="withoutLock">Whether a flight that is started goes on without the topic's lock.</param>
    /// <param name="beginsAfterNow">Whether a research that has begun does not do: then the flight that follows it is joined, or lined up.</param>
    /// <param name="run">Flies; is given the end of the flight before, where it was lined up.</param>
    /// <returns>The flight, entered; and whether it was started here.</returns>
    /// <exception cref="ObjectDisposedException">The cache was disposed.</exception>
    public (Flight Flight, bool IsOwner) JoinOrStart(string topic, bool withoutLock, bool beginsAfterNow, Func<Flight, Task?, Task<FlightResult?>> run)
    {
        lock (_sync)
        {
            ObjectDisposedException.ThrowIf(_isClosed, typeof(IResearchCache));
            var current = FindCurrent(topic);
            if (current is null)
            {
                return (_byTopic[topic] = Start(topic, withoutLock, flight => run(flight, null)), true);
            }

            if (!beginsAfterNow || !current.HasBegun)
            {
                current.Enter();
                return (current, false);
            }

            if (current.Successor is { CancellationToken.IsCancellationRequested: false } next)
            {
                next.Enter();
                return (next, false);
            }

            return (current.Successor = Start(topic, withoutLock, flight => run(flight, current.Completion)), true);
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

    private Flight Start(string topic, bool withoutLock, Func<Flight, Task<FlightResult?>> run)
    {
        var flight = new Flight(topic, withoutLock);
        flight.Enter();
        _ = _running.Add(flight);
        flight.Start(run);
        _ = flight.Completion.ContinueWith(
            static (completion, state) =>
            {
                var (table, done) = ((FlightTable, Flight))state!;
                table.End(done, completion.Exception?.InnerException);
            },
            (this, flight), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        return flight;
    }

    /// <summary>The flight that callers can join: the topic's, or the one lined up behind it where it has ended.</summary>
    private Flight? FindCurrent(string topic)
    {
        _ = _byTopic.TryGetValue(topic, out var flight);
        while (flight is not null && (flight.Completion.IsCompleted || flight.CancellationToken.IsCancellationRequested))
        {
            flight = flight.Successor;
        }

        if (flight is not null)
        {
            _byTopic[topic] = flight;
        }

        return flight;
    }

    private void End(Flight flight, Exception? error)
    {
        lock (_sync)
        {
            Forget(flight);
            if (flight.Successor is { Completion.IsCompleted: false } next)
            {
                _ = _byTopic.TryAdd(flight.Topic, next);
            }

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
