namespace AiSystemSpec.Sdk;

/// <summary>How <see cref="IScriptStore.WatchAsync"/> waits for scripts.</summary>
public sealed record ScriptWatchOptions
{
    /// <summary>The default of <see cref="MinPoll"/>: 1 second.</summary>
    public static readonly TimeSpan DefaultMinPoll = TimeSpan.FromSeconds(1);

    /// <summary>The default of <see cref="MaxPoll"/>: 30 seconds.</summary>
    public static readonly TimeSpan DefaultMaxPoll = TimeSpan.FromSeconds(30);

    /// <summary>Gets whether to pass over what is there already.</summary>
    /// <value><see langword="false"/> by default: from the beginning, or from the cursor. Refused beside a cursor.</value>
    public bool FromNow { get; init; }

    /// <summary>Gets the pause between two looks while scripts arrive, at least 10 milliseconds.</summary>
    /// <value>1 second by default.</value>
    public TimeSpan MinPoll { get; init; } = DefaultMinPoll;

    /// <summary>
    /// Gets the longest pause between two looks, to which the pause grows while nothing arrives; no shorter than <see cref="MinPoll"/>,
    /// at most a day. What this process saves through the same registration ends a pause.
    /// </summary>
    /// <value>30 seconds by default.</value>
    public TimeSpan MaxPoll { get; init; } = DefaultMaxPoll;

    /// <summary>
    /// Gets what is called with the cursor after each look, when the scripts that it found have been taken: so that a reader to whom
    /// nothing comes can store its progress, too. What it throws ends the enumeration.
    /// </summary>
    public Action<string>? OnProgress { get; init; }
}
