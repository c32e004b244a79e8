using System.Collections.Concurrent;

namespace AiSystemSpec.Sdk.Research.Flights;

/// <summary>
/// Which researches of this process wait for which others, over all of its caches. A wait that would close a circle would never end,
/// and each round would be paid: it is refused instead.
/// </summary>
/// <remarks>
/// Code is known as a research's own by its execution context, and by the token that the research was given: a worker that was started
/// without the context and passes that token on is known, too. Who has neither waits as any caller does.
/// </remarks>
internal static class WaitGraph
{
    private static readonly Lock Sync = new();
    private static readonly AsyncLocal<Flight?> Current = new();
    private static readonly ConcurrentDictionary<CancellationToken, Flight> ByToken = new();
    private static readonly Dictionary<Flight, List<Flight>> WaitsFor = [];

    /// <summary>Runs a flight, so that the code of its research is known.</summary>
    public static async Task<FlightResult?> RunAsync(Flight flight, Func<Flight, Task<FlightResult?>> run)
    {
        _ = ByToken.TryAdd(flight.CancellationToken, flight);
        Current.Value = flight;
        try
        {
            return await run(flight).ConfigureAwait(false);
        }
        finally
        {
            _ = ByToken.TryRemove(flight.CancellationToken, out _);
        }
    }

    /// <summary>The code that runs now begins to wait for a flight.</summary>
    /// <param name="flight">The flight.</param>
    /// <param name="callersToken">The token that the code gave, by which it may be known.</param>
    /// <returns>To be disposed when the wait ends.</returns>
    /// <exception cref="InvalidOperationException">The wait would close a circle.</exception>
    public static Wait WaitFor(Flight flight, CancellationToken callersToken)
    {
        var surrounding = Current.Value;
        var given = callersToken.CanBeCanceled ? ByToken.GetValueOrDefault(callersToken) : null;
        return surrounding is null && given is null ? default : Begin(surrounding, ReferenceEquals(given, surrounding) ? null : given, flight);
    }

    /// <summary>A flight begins to wait for another.</summary>
    /// <exception cref="InvalidOperationException">The wait would close a circle.</exception>
    public static Wait Between(Flight waiter, Flight flight) => Begin(waiter, null, flight);

    private static Wait Begin(Flight? first, Flight? second, Flight flight)
    {
        lock (Sync)
        {
            var reached = new HashSet<Flight>();
            Follow(flight, reached);
            if ((first is not null && reached.Contains(first)) || (second is not null && reached.Contains(second)))
            {
                throw new InvalidOperationException(
                    "The research of a topic asked for a topic whose research waits for it in turn, or is the same: it would wait for itself for ever. "
                    + "Use ResearchContext.Previous for the old entry, or let one of the topics do without the other.");
            }

            Add(first, flight);
            Add(second, flight);
        }

        return new Wait(first, second, flight);
    }

    private static void Follow(Flight flight, HashSet<Flight> reached)
    {
        if (flight.Completion.IsCompleted || !reached.Add(flight))
        {
            return; // nobody waits for what has ended
        }

        if (flight.Before is { } before)
        {
            Follow(before, reached);
        }

        foreach (var next in WaitsFor.GetValueOrDefault(flight, []))
        {
            Follow(next, reached);
        }
    }

    private static void Add(Flight? waiter, Flight flight)
    {
        if (waiter is null)
        {
            return;
        }

        if (!WaitsFor.TryGetValue(waiter, out var flights))
        {
            WaitsFor.Add(waiter, flights = []);
        }

        flights.Add(flight); // as often as the research waits for it
    }

    private static void Remove(Flight? waiter, Flight flight)
    {
        if (waiter is not null && WaitsFor.TryGetValue(waiter, out var flights) && flights.Remove(flight) && flights.Count == 0)
        {
            _ = WaitsFor.Remove(waiter);
        }
    }

    /// <summary>A wait that is under way.</summary>
    public readonly struct Wait(Flight? first, Flight? second, Flight flight) : IDisposable
    {
        public void Dispose()
        {
            if (first is null && second is null)
            {
                return;
            }

            lock (Sync)
            {
                Remove(first, flight);
                Remove(second, flight);
            }
        }
    }
}
