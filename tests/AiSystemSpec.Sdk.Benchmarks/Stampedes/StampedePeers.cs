namespace AiSystemSpec.Sdk.Benchmarks.Stampedes;

/// <summary>The peers by the names that parent and child process call them.</summary>
internal static class StampedePeers
{
    public static IReadOnlyDictionary<string, Func<string, IStampedePeer>> All { get; } = new Dictionary<string, Func<string, IStampedePeer>>(
        StringComparer.Ordinal)
    {
        ["SDK"] = connectionString => new SdkPeer(connectionString),
        ["FusionCache"] = connectionString => new FusionCachePeer(connectionString),
        ["HybridCache"] = connectionString => new HybridCachePeer(connectionString),
        ["plain get-or-create"] = connectionString => new PlainGetOrCreate(connectionString),
    };
}
