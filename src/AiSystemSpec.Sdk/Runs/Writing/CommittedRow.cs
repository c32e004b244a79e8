using System.Text;
using System.Text.Json.Nodes;
using AiSystemSpec.Sdk.Json;
using AiSystemSpec.Sdk.Rows;
using AiSystemSpec.Sdk.Runs.Formatting;

namespace AiSystemSpec.Sdk.Runs.Writing;

/// <summary>A row as it was committed, for the caller of a direct write.</summary>
internal static class CommittedRow
{
    public static PipelineRun Of(StoredRow row, DateTimeOffset? createdAt) => new()
    {
        Id = row.Id,
        RunId = row.RunId,
        Stage = row.Stage,
        Status = new RunStatus(row.Status),
        Attempts = row.Attempts,
        InputRefs = Parse(row.InputRefs),
        OutputRefs = Parse(row.OutputRefs),
        ErrorSummary = row.ErrorSummary,
        Metrics = row.PlainMetrics ?? (row.Metrics is null ? null : StageMetricsJson.Parse(Encoding.UTF8.GetString(row.Metrics))),
        CreatedAt = createdAt,
    };

    private static JsonNode? Parse(byte[]? json) => json is null ? null : StoredJson.Parse(json);
}
