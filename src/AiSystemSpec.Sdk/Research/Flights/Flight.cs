using System.Diagnostics.CodeAnalysis;
using AiSystemSpec.Sdk.Diagnostics;
using Microsoft.Extensions.Logging;

namespace AiSystemSpec.Sdk.Research.Flights;

/// <summary>
/// One research of one topic that callers of this process share. It is cancelled when its last caller has gone, unless it was let go into
/// the background.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "The source has no timer and no wait handle, so there is nothing to dispose; callers may cancel it after the end.")]
internal sealed class Flight(string topic, bool withoutLock, Flight? before, ILogger logger)
{
    private readonly CancellationTokenSource _cancellation = new();
    private readonly Lock _sync = new();
    private int _callers;
    private volatile bool _inBackground;
    private volatile bool _hasBegun;
    private volatile Flight? _before = before;

    public string Topic => topic;

    /// <summary>
    /// Gets whether it goes on without the lock of its topic: an earlier flight still has it, past the wait of its callers.
    /// </summary>
    public bool WithoutLock => withoutLock;

    /// <summary>Gets the flight that this one is lined up behind, while it waits for it.</summary>
    public Flight? Before => _before;

    /// <summary>Gets whether the research itself has begun: too late for a forced refresh to be satisfied by it.</summary>
    public bool HasBegun => _hasBegun;

    public CancellationToken CancellationToken => _cancellation.Token;

    /// <summary>Gets whether it was let go into the background, so that its failure is nobody's to see but the log's.</summary>
    public bool IsInBackground => _inBackground;

    /// <summary>Gets or sets the flight that begins when this one has ended, for forced refreshes that came too late for it.</summary>
    public Flight? Successor { get; set; }

    /// <summary>Gets the running flight; faulted as its research is.</summary>
    public Task<FlightResult?> Completion { get; private set; } = Task.FromResult<FlightResult?>(null);

    public void MarkBegun() => _hasBegun = true;

    /// <summary>The wait for the flight before is over.</summary>
    public void Forget(Flight earlier) => _ = Interlocked.CompareExchange(ref _before, null, earlier);

    /// <summary>Starts the flight on the pool; a blocking delegate must not hold up the caller, who may be cancelled.</summary>
    public void Start(Func<Flight, Task<FlightResult?>> run) => Completion = Task.Run(() => WaitGraph.RunAsync(this, run));

    public void Enter()
    {
        lock (_sync)
        {
            _callers++;
        }
    }

    /// <summary>A caller goes, with its result or because it was cancelled.</summary>
    public void Leave()
    {
        bool isAbandoned;
        lock (_sync)
        {
            isAbandoned = --_callers == 0 && !_inBackground;
        }

        if (isAbandoned)
        {
            Cancel();
        }
    }

    /// <summary>Lets the flight go on even when nobody waits for it any longer.</summary>
    public void ContinueInBackground()
    {
        lock (_sync)
        {
            _inBackground = true;
        }
    }

    /// <summary>
    /// Cancels the research. The callbacks that a host registered run beside the caller, who is not held up and does not see their
    /// errors.
    /// </summary>
    public void Cancel() => _ = CancelAsync();

    private async Task CancelAsync()
    {
        try
        {
            await _cancellation.CancelAsync().ConfigureAwait(false);
        }
#pragma warning disable CA1031 // What a host's callback threw, whatever it is.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Log.CancellationCallbackFailed(logger, exception);
        }
    }
}
