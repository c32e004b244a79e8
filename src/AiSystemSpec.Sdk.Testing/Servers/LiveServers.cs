using System.Collections.Concurrent;

namespace AiSystemSpec.Sdk.Testing.Servers;

/// <summary>What is still running, to be ended when the process ends without disposing it.</summary>
internal static class LiveServers
{
    private static readonly ConcurrentDictionary<object, Action> Live = new();

    static LiveServers() => AppDomain.CurrentDomain.ProcessExit += static (_, _) => EndAll();

    /// <param name="server">What is running.</param>
    /// <param name="endNow">Ends it without waiting for anything.</param>
    public static void Add(object server, Action endNow) => Live[server] = endNow;

    public static void Remove(object server) => _ = Live.TryRemove(server, out _);

    private static void EndAll() => Parallel.ForEach(Live.Values, static endNow =>
    {
        try
        {
            endNow();
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // The process ends: there is nobody to tell. The next start removes what is left.
        }
    });
}
