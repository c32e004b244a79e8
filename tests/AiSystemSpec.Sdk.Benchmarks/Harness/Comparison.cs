using System.Diagnostics;

namespace AiSystemSpec.Sdk.Benchmarks.Harness;

/// <summary>
/// Measures peers in turns: in every round each has one slice, and each round begins with the next peer. What else the machine does
/// falls on all of them, so that the ratios within a round hold where absolute times do not.
/// </summary>
/// <param name="title">What is compared.</param>
/// <param name="callers">How many callers at once.</param>
/// <param name="peers">The peers; the first is the one that the others are held against.</param>
internal sealed class Comparison(string title, int callers, IReadOnlyList<Peer> peers)
{
    public async Task<ComparisonResult> RunAsync(RunOptions options)
    {
        foreach (var peer in peers)
        {
            await WarmUpAsync(peer, options.WarmUp);
        }

        var calls = await CallsPerSliceAsync(options.Slice);
        var slices = peers.Select(_ => new List<Slice>(options.Rounds)).ToList();
        for (var round = 0; round < options.Rounds; round++)
        {
            for (var turn = 0; turn < peers.Count; turn++)
            {
                var place = (round + turn) % peers.Count;
                slices[place].Add(await Slice.MeasureAsync(peers[place], calls, callers));
            }
        }

        return new ComparisonResult(title, callers, calls, [.. peers.Zip(slices, (peer, own) => new PeerResult(peer, own, slices[0]))]);
    }

    private async Task WarmUpAsync(Peer peer, TimeSpan duration)
    {
        var watch = Stopwatch.StartNew();
        do
        {
            _ = await Slice.MeasureAsync(peer, callers * 20, callers);
        }
        while (watch.Elapsed < duration);
    }

    private async Task<int> CallsPerSliceAsync(TimeSpan duration)
    {
        var probe = await Slice.MeasureAsync(peers[0], callers * 20, callers);
        var calls = (int)Math.Ceiling(duration.TotalSeconds * probe.CallsPerSecond);
        return Math.Max(1, calls / callers) * callers;
    }
}
