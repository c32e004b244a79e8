using System.Text.Json.Nodes;
using AiSystemSpec.Sdk.Rows;

namespace AiSystemSpec.Sdk;

/// <summary>One row of <c>pipeline_runs</c>: what one attempt at one stage of a run did.</summary>
public sealed class PipelineRun : IKeysetRow
{
    /// <summary>Gets or sets the primary key.</summary>
    /// <value>
    /// Made by the client (time-ordered) for rows that <see cref="IRunLogger"/> writes, else by the server's <c>gen_random_uuid()</c>.
    /// </value>
    public Guid Id { get; set; }

    /// <summary>Gets or sets the stable identifier of the run that the row belongs to.</summary>
    public string? RunId { get; set; }

    /// <summary>Gets or sets the stage's name, such as <c>research</c>, <c>script</c>, <c>qa</c> or <c>upload</c>.</summary>
    public string? Stage { get; set; }

    /// <summary>Gets or sets how the attempt ended. Any text is read; only the schema's four are written.</summary>
    public RunStatus? Status { get; set; }

    /// <summary>Gets or sets the attempt's number, from 1.</summary>
    public int? Attempts { get; set; }

    /// <summary>
    /// Gets or sets the references to inputs (topic ids, cache keys, …). JSON null and SQL NULL both read as <see langword="null"/>.
    /// </summary>
    public JsonNode? InputRefs { get; set; }

    /// <summary>
    /// Gets or sets the references to outputs (artifact ids, URLs, …). JSON null and SQL NULL both read as <see langword="null"/>.
    /// </summary>
    public JsonNode? OutputRefs { get; set; }

    /// <summary>Gets or sets a short error message if the attempt failed.</summary>
    public string? ErrorSummary { get; set; }

    /// <summary>Gets or sets the attempt's metrics (latency, tokens, cost, cache hit, …).</summary>
    /// <value>
    /// JSON null and SQL NULL both read as <see langword="null"/>; in LINQ, <c>== null</c> asks for SQL NULL only. The properties of
    /// <see cref="StageMetrics"/> can be asked for in LINQ, but not <see cref="StageMetrics.Additional"/>.
    /// </value>
    public StageMetrics? Metrics { get; set; }

    /// <summary>Gets or sets when the row was written, by the database's clock (<c>now()</c> by default), in UTC.</summary>
    /// <value>A moment outside of .NET's years reads as the nearest that there is.</value>
    public DateTimeOffset? CreatedAt { get; set; }
}
