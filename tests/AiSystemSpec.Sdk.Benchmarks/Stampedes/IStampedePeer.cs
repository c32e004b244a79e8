namespace AiSystemSpec.Sdk.Benchmarks.Stampedes;

/// <summary>One way of getting a topic's research or doing it, as one process has it.</summary>
internal interface IStampedePeer : IAsyncDisposable
{
    /// <summary>Opens what a process that has been up for a while has open.</summary>
    Task WarmUpAsync();

    Task<string> GetOrResearchAsync(string topic, Func<CancellationToken, Task<string>> research);
}
