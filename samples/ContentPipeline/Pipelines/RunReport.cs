namespace ContentPipeline.Pipelines;

/// <summary>How one item's run ended.</summary>
/// <param name="RunId">The run's id in <c>pipeline_runs</c>.</param>
/// <param name="ItemId">The document or set of artifacts.</param>
/// <param name="Done">What was done, in a few words; null where the run failed.</param>
/// <param name="Error">Why the run failed; null where it did not.</param>
internal sealed record RunReport(string RunId, string ItemId, string? Done, string? Error);
