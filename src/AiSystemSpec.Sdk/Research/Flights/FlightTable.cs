using AiSystemSpec.Sdk.Diagnostics;
using AiSystemSpec.Sdk.Time;
using Microsoft.Extensions.Logging;

namespace AiSystemSpec.Sdk.Research.Flights;

/// <summary>
/// The researches that are under way in this process: at most one a topic that callers can join, and those that were left behind.
/// </summary>
/// <param name="timeProvider">Times the wait at the end.</param>
/// <param name="pauses">Told how researches in the background ended.</param>
/// <param name="face">What callers know the table as; named when it was disposed.</param>
/// <param name="logger">The log.</param>
internal sealed class FlightTable(TimeProvider timeProvider, BackgroundPauses pauses, Type face, ILogger logger)
{
    /// <summary>How many researches of one topic may be under way at once, when none of them ends within the wait for it.</summary>
    public const int MaxUnderWay = 3;

    private static readonly TimeSpan CancellationGrace = TimeSpan.FromSeconds(1);

    private readonly Lock _sync = new();
    private readonly Dictionary<string, Flight> _byTopic = new(StringComparer.Ordinal);
    private readonly HashSet<Flight> _running = [];
    private bool _isClosed;

    /// <summary>Joins the topic's flight, or starts one.</summary>
    /// <param name="topic">The topic.</param>
    /// <param name="withoutLock">Whether a flight that is started goes on without the topic's lock.</param>
    /// <param name="beginsAfterNow">
    /// Whether a research that has begun does not do: then the flight that follows it is joined, or lined up.
    /// </param>
    /// <param name="run">Flies.</param>
    /// <returns>The flight, entered; and whether it was started here.</returns>
    /// <exception cref="ObjectDisposedException">The cache was disposed.</exception>
    /// <exception cref="TimeoutException">Too many researches of the topic are under way already, and none ended in time.</exception>
    public (Flight Flight, bool IsOwner) JoinOrStart(string topic, bool withoutLock, bool beginsAfterNow, Func<Flight, Task<FlightResult?>> run)
    {
        lock (_sync)
        {
            ObjectDisposedException.ThrowIf(_isClosed, face);
            var current = FindCurrent(topic);
            if (current is null)
            {
                if (withoutLock)
                {
                    ThrowIfTooMany(topic);
                }

                return (_byTopic[topic] = Start(new Flight(topic, withoutLock, before: null, logger), run), true);
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

            return (current.Successor = Start(new Flight(topic, withoutLock, current, logger), run), true);
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
    public void Detach(Flight flight)
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

    // Without a bound, a research that waits for itself in a way that cannot be seen would be begun again and again, and paid each time.
    private void ThrowIfTooMany(string topic)
    {
        if (_running.Count(flight => string.Equals(flight.Topic, topic, StringComparison.Ordinal)) >= MaxUnderWay)
        {
            throw new TimeoutException(
                $"{MaxUnderWay} researches of the topic are under way in this process, and none ended within LockWait, so no further one is begun. "
                + "Where research takes that long, raise LockWait. Where its own code asks for its own topic from a thread or worker that does not carry its execution context, "
                + "pass on the token that the research was given, and the circle is refused at once.");
        }
    }

    private Flight Start(Flight flight, Func<Flight, Task<FlightResult?>> run)
    {
        flight.Enter();
        _ = _running.Add(flight);
        flight.Start(run);
        _ = flight.Completion.ContinueWith(
            static (completion, state) =>
            {
                var (table, done) = ((FlightTable, Flight))state!;
                table.End(done, completion);
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

    private void End(Flight flight, Task<FlightResult?> completion)
    {
        NoteEnd(flight, completion); // before others can begin the next
        lock (_sync)
        {
            Forget(flight);
            if (flight.Successor is { Completion.IsCompleted: false } next)
            {
                _ = _byTopic.TryAdd(flight.Topic, next);
            }

            _ = _running.Remove(flight);
        }
    }

    private void NoteEnd(Flight flight, Task<FlightResult?> completion)
    {
        if (completion is { IsCompletedSuccessfully: true, Result: { Saved: true } })
        {
            pauses.NoteSuccess(flight.Topic);
            return;
        }

        if (!flight.IsInBackground || flight.CancellationToken.IsCancellationRequested)
        {
            return;
        }

        // A delegate's own time limit ends as a cancellation, too.
        var error = completion.IsCanceled ? new TaskCanceledException(completion) : completion.Exception?.InnerException;
        pauses.NoteFailure(flight.Topic, error ?? (completion.IsCompletedSuccessfully ? completion.Result?.SaveError : null));
        if (error is not null)
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
