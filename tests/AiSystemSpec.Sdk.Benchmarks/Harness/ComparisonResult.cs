using System.Globalization;

namespace AiSystemSpec.Sdk.Benchmarks.Harness;

/// <summary>What a comparison found, and how it is printed.</summary>
internal sealed record ComparisonResult(string Title, int Callers, int CallsPerSlice, IReadOnlyList<PeerResult> Peers)
{
    private const double LeastRatio = 0.9;
    private const double MostAllocation = 1.3;

    /// <summary>Writes the table. Figures are medians over the rounds, ratios medians of the ratios within each round.</summary>
    public void Print(TextWriter output)
    {
        output.WriteLine();
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{Title}, {Callers} caller{(Callers == 1 ? "" : "s")} ({Peers[0].Rounds} rounds of {CallsPerSlice:N0} calls a peer)"));
        output.WriteLine($"  {"",-34}{"µs/call",10}{"calls/s",10}{"ratio",8}{"quartiles",13}{"B/call",13}{"ratio",8}");
        foreach (var result in Peers)
        {
            output.WriteLine(Line(result));
        }
    }

    private static string Line(PeerResult result)
    {
        var (lower, upper) = result.Quartiles;
        var line = string.Create(
            CultureInfo.InvariantCulture,
            $"  {result.Peer.Name,-34}{result.MicrosecondsPerCall,10:N1}{result.CallsPerSecond,10:N0}{result.Ratio,8:N2}{lower,8:N2}–{upper:N2}{result.BytesPerCall,13:N0}{result.AllocationRatio,8:N2}");
        return result.Peer.HasTarget ? line + Verdict(result) : line;
    }

    private static string Verdict(PeerResult result)
    {
        var isMet = result.Ratio >= LeastRatio && result.AllocationRatio <= MostAllocation;
        return string.Create(CultureInfo.InvariantCulture, $"  {(isMet ? "meets" : "MISSES")} ≥ {LeastRatio}, ≤ {MostAllocation}");
    }
}
