namespace AiSystemSpec.Sdk.Benchmarks.Harness;

/// <summary>How long to measure.</summary>
/// <param name="Rounds">How many rounds; in each, every peer has one slice.</param>
/// <param name="Slice">About how long the first peer's slice takes; the others make as many calls.</param>
internal sealed record RunOptions(int Rounds, TimeSpan Slice)
{
    public const int LeastRounds = 7;

    public static RunOptions Default { get; } = new(Rounds: 41, Slice: TimeSpan.FromMilliseconds(100));

    public TimeSpan WarmUp => Slice * 15;
}
