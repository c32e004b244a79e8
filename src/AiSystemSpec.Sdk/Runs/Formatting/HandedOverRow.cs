namespace AiSystemSpec.Sdk.Runs.Formatting;

/// <summary>
/// A row as <c>Enqueue</c> copied it: nothing in it can be changed by the caller any more; formatting is the writer's work.
/// </summary>
internal sealed class HandedOverRow
{
    /// <summary>Gets or sets the row's id: the caller's, or the one that the queue assigns.</summary>
    public Guid Id { get; set; }

    /// <summary>Gets whether the caller gave the id: the table may have it already.</summary>
    public bool HasCallersId { get; init; }

    /// <summary>Gets or sets when the row was handed over: the process's clock, ticks of UTC.</summary>
    public long Moment { get; set; }

    /// <summary>Gets the moment that the caller gave.</summary>
    public DateTime? GivenCreatedAt { get; init; }

    public required string RunId { get; init; }

    public required string Stage { get; init; }

    public required string Status { get; init; }

    public required int Attempts { get; init; }

    public string? ErrorSummary { get; init; }

    public byte[]? InputRefs { get; init; }

    public byte[]? OutputRefs { get; init; }

    /// <summary>Gets the metrics, where they are the known five only.</summary>
    public StageMetrics? Metrics { get; init; }

    /// <summary>Gets the metrics as JSON, where they hold more.</summary>
    public byte[]? MetricsJson { get; init; }
}
