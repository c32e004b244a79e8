namespace AiSystemSpec.Sdk.Benchmarks.Harness;

/// <summary>One peer's slices, and what they are beside the first peer's slices of the same rounds.</summary>
internal sealed class PeerResult(Peer peer, IReadOnlyList<Slice> slices, IReadOnlyList<Slice> baseline)
{
    private readonly double[] _ratios = [.. slices.Zip(baseline, (own, other) => own.CallsPerSecond / other.CallsPerSecond).Order()];

    public Peer Peer => peer;

    public int Rounds => slices.Count;

    public double MicrosecondsPerCall => Median([.. slices.Select(slice => slice.MicrosecondsPerCall).Order()]);

    public double CallsPerSecond => Median([.. slices.Select(slice => slice.CallsPerSecond).Order()]);

    public double BytesPerCall => Median([.. slices.Select(slice => slice.BytesPerCall).Order()]);

    /// <summary>Gets the median over the rounds of "calls a second, of the first peer's".</summary>
    public double Ratio => Median(_ratios);

    /// <summary>Gets the quartiles of the same: how far the rounds agree.</summary>
    public (double Lower, double Upper) Quartiles => (_ratios[_ratios.Length / 4], _ratios[_ratios.Length - 1 - (_ratios.Length / 4)]);

    public double AllocationRatio => Median([.. slices.Zip(baseline, (own, other) => own.BytesPerCall / other.BytesPerCall).Order()]);

    private static double Median(double[] sorted) =>
        sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : (sorted[(sorted.Length / 2) - 1] + sorted[sorted.Length / 2]) / 2;
}
