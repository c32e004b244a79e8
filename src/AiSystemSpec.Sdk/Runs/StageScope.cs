namespace AiSystemSpec.Sdk;

/// <summary>One attempt at a stage, measured from its beginning. Disposed without being completed it is a failure.</summary>
public sealed class StageScope : IDisposable, IAsyncDisposable
{
    internal StageScope(string runId, string stage, int attempt)
    {
        RunId = runId;
        Stage = stage;
        Attempt = attempt;
    }

    /// <summary>Gets the run's stable identifier.</summary>
    public string RunId { get; }

    /// <summary>Gets the stage's name.</summary>
    public string Stage { get; }

    /// <summary>Gets the attempt's number, from 1.</summary>
    public int Attempt { get; }

    /// <inheritdoc />
    public void Dispose() => GC.KeepAlive(this);

    /// <inheritdoc />
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
