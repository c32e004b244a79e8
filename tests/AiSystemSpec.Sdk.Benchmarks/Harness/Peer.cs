namespace AiSystemSpec.Sdk.Benchmarks.Harness;

/// <summary>One way of doing the work that is compared.</summary>
/// <param name="Name">How the table calls it.</param>
/// <param name="Call">
/// Does the work once; the number chooses the input, the same for all peers. It throws where the answer is wrong.
/// </param>
internal sealed record Peer(string Name, Func<int, Task> Call)
{
    /// <summary>Gets whether the targets are printed for it.</summary>
    public bool HasTarget { get; init; }
}
