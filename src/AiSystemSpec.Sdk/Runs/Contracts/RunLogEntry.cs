using System.Text.Json.Nodes;

namespace AiSystemSpec.Sdk;

/// <summary>One row to write to <c>pipeline_runs</c>.</summary>
/// <param name="RunId">The run's stable identifier; not blank.</param>
/// <param name="Stage">The stage's name; not blank.</param>
/// <param name="Status">One of the schema's four.</param>
public sealed record RunLogEntry(string RunId, string Stage, RunStatus Status)
{
    /// <summary>Gets the attempt's number, from 1.</summary>
    /// <value>1 by default.</value>
    public int Attempts { get; init; } = 1;

    /// <summary>Gets the references to inputs (topic ids, cache keys, …).</summary>
    public JsonNode? InputRefs { get; init; }

    /// <summary>Gets the references to outputs (artifact ids, URLs, …).</summary>
    public JsonNode? OutputRefs { get; init; }

    /// <summary>Gets a short error message if the attempt failed.</summary>
    public string? ErrorSummary { get; init; }

    /// <summary>Gets the attempt's metrics.</summary>
    public StageMetrics? Metrics { get; init; }

    /// <summary>Gets the row's moment; the database's clock where null.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>Gets the row's id; a time-ordered one is made where null.</summary>
    public Guid? Id { get; init; }
}
