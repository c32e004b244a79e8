namespace AiSystemSpec.Sdk.Scripts.Changes;

/// <summary>Keys that one statement read, and the snapshot that it read them in.</summary>
internal sealed record KeyPage
{
    public required FeedOrigin Origin { get; init; }

    /// <summary>Gets the oldest transaction that was open.</summary>
    public required long Xmin { get; init; }

    /// <summary>Gets the transaction to be given out next, or one that was shortly before.</summary>
    public required long Xmax { get; init; }

    /// <summary>Gets a number that differs as soon as one transaction more is visible.</summary>
    public required long Snapshot { get; init; }

    /// <summary>Gets the server's clock, in its own microseconds.</summary>
    public required long Now { get; init; }

    public required IReadOnlyList<ScriptKey> Keys { get; init; }

    /// <summary>Gets whether there was nothing behind them.</summary>
    public required bool IsLast { get; init; }
}
