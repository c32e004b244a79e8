namespace AiSystemSpec.Sdk.Scripts.Changes;

/// <summary>Tells the watches of one registration that this process saved a script.</summary>
internal sealed class SaveSignal
{
    private TaskCompletionSource? _next;

    /// <summary>Gets what ends with the next save.</summary>
    public Task Next => LazyInitializer.EnsureInitialized(ref _next, static () => new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    /// <summary>Costs nothing where nobody waits.</summary>
    public void Set() => Interlocked.Exchange(ref _next, null)?.TrySetResult();
}
