using AiSystemSpec.Sdk.Runs.Content;
namespace AiSystemSpec.Sdk.Runs.Formatting;

/// <summary>
/// A row as <c>Enqueue</c> copied it: fields only, so that the call costs no allocation of its own; formatting is the writer's work.
/// </summary>
internal struct HandedOverRow
{
    public Guid Id;

    /// <summary>When the row was handed over: the process's clock, ticks of UTC.</summary>
    public long Moment;

    /// <summary>The moment that the caller gave, ticks of UTC, where <see cref="HasCreatedAt"/>: every number of ticks is a moment, zero too.</summary>
    public long CreatedAt;

    public string RunId;
    public string Stage;
    public string Status;
    public string? ErrorSummary;
    public int Attempts;

    /// <summary>Whether the caller gave the id: the table may have it already.</summary>
    public bool HasOwnId;

    /// <summary>Whether the caller gave a moment.</summary>
    public bool HasCreatedAt;

    public byte[]? InputRefs;
    public byte[]? OutputRefs;
    public KnownMetrics Metrics;

    /// <summary>The metrics as JSON, where they hold more than the known five.</summary>
    public byte[]? MetricsJson;
}
