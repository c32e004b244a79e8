using System.Collections.Concurrent;

namespace AiSystemSpec.Sdk.Testing.Servers;

/// <summary>What is still running, to be ended when the process ends without disposing it.</summary>
internal static class LiveServers
{
    private static readonly ConcurrentDictionary<EphemeralPostgres, bool> Live = new();

    static LiveServers() => AppDomain.CurrentDomain.ProcessExit += static (_, _) => EndAll();

    public static void Add(EphemeralPostgres server) => Live[server] = true;

    public static void Remove(EphemeralPostgres server) => _ = Live.TryRemove(server, out _);

    private static void EndAll() => Parallel.ForEach(Live.Keys, static server =>
    {
        try
        {
            server.EndNow();
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // The process ends: there is nobody to tell. The next start removes what is left.
        }
    });
}
