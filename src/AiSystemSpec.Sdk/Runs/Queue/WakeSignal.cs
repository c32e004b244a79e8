namespace AiSystemSpec.Sdk.Runs.Queue;

/// <summary>Wakes one waiting writer; setting it while it is set costs one interlocked exchange.</summary>
internal sealed class WakeSignal : IDisposable
{
    private readonly SemaphoreSlim _semaphore = new(0);
    private int _isSet;

    public void Set()
    {
        if (Interlocked.Exchange(ref _isSet, 1) == 0)
        {
            _ = _semaphore.Release();
        }
    }

    /// <summary>Waits until it is set, and resets it; what was added before the reset is seen by whoever waited.</summary>
    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        await _semaphore.WaitAsync(cancellationToken).ConfigureAwait(false);
        _ = Interlocked.Exchange(ref _isSet, 0);
    }

    public void Dispose() => _semaphore.Dispose();
}
