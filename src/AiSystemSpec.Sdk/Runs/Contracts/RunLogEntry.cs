using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;

namespace AiSystemSpec.Sdk;

/// <summary>One row to write to <c>pipeline_runs</c>.</summary>
public sealed record RunLogEntry
{
    /// <summary>Initializes a new instance, whose properties are set in its initializer.</summary>
    public RunLogEntry()
    {
    }

    /// <summary>Initializes a new instance with what every row states.</summary>
    /// <param name="runId">The run's stable identifier; not blank.</param>
    /// <param name="stage">The stage's name; not blank.</param>
    /// <param name="status">One of the schema's four.</param>
    [SetsRequiredMembers]
    public RunLogEntry(string runId, string stage, RunStatus status) => (RunId, Stage, Status) = (runId, stage, status);

    /// <summary>Gets the run's stable identifier; not blank.</summary>
    public required string RunId { get; init; }

    /// <summary>Gets the stage's name; not blank.</summary>
    public required string Stage { get; init; }

    /// <summary>Gets the status: one of the schema's four.</summary>
    public required RunStatus Status { get; init; }

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
