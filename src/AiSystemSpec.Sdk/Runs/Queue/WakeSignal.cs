namespace AiSystemSpec.Sdk.Runs.Queue;

/// <summary>
/// Wakes one waiting writer; setting it while it is set costs a look. It has no end: a call that comes late finds it whole.
/// </summary>
internal sealed class WakeSignal
{
    private volatile TaskCompletionSource _signal = New();

    public void Set() => _ = _signal.Task.IsCompleted || _signal.TrySetResult();

    /// <summary>Waits until it is set, and resets it; what was added before the reset is seen by whoever waited.</summary>
    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        await _signal.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        _signal = New();
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
