using System.Diagnostics;

namespace AiSystemSpec.Sdk.Benchmarks.Harness;

/// <summary>What a number of calls of one peer took.</summary>
/// <param name="Calls">How many.</param>
/// <param name="Elapsed">Wall time of all.</param>
/// <param name="AllocatedBytes">What the whole process allocated meanwhile.</param>
internal sealed record Slice(int Calls, TimeSpan Elapsed, long AllocatedBytes)
{
    public double MicrosecondsPerCall => Elapsed.TotalMicroseconds / Calls;

    public double CallsPerSecond => Calls / Elapsed.TotalSeconds;

    public double BytesPerCall => (double)AllocatedBytes / Calls;

    /// <summary>Makes the calls by so many callers at once, each of which waits for its call before the next.</summary>
    public static async Task<Slice> MeasureAsync(Peer peer, int calls, int callers)
    {
        var each = Math.Max(1, calls / callers);
        GC.Collect();
        GC.WaitForPendingFinalizers();
        var allocated = GC.GetTotalAllocatedBytes(precise: true);
        var watch = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, callers).Select(caller => Task.Run(() => CallAsync(peer, each, caller * each))));
        watch.Stop();
        return new Slice(each * callers, watch.Elapsed, GC.GetTotalAllocatedBytes(precise: true) - allocated);
    }

    private static async Task CallAsync(Peer peer, int calls, int first)
    {
        for (var call = 0; call < calls; call++)
        {
            await peer.Call(first + call);
        }
    }
}
