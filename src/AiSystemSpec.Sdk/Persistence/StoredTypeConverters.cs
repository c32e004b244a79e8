using System.Text.Json.Nodes;
using AiSystemSpec.Sdk.Json;
using AiSystemSpec.Sdk.Runs;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace AiSystemSpec.Sdk.Persistence;

/// <summary>Converters between the entities' types and the schema's, lenient on reading.</summary>
internal static class StoredTypeConverters
{
    public static readonly ValueConverter<DateTimeOffset, DateTimeOffset> Timestamp =
        new(value => Timestamps.Normalize(value), value => value.ToUniversalTime()); // Npgsql's legacy behaviour reads local time

    public static readonly ValueConverter<RunStatus, string> Status =
        new(value => value.Value, value => new RunStatus(value));

    public static readonly ValueConverter<JsonNode?, string?> Json =
        new(value => StoredJson.Format(value), value => value == null ? null : StoredJson.Parse(value));

    public static readonly ValueConverter<StageMetrics?, string?> Metrics =
        new(value => value == null ? null : StageMetricsJson.Format(value), value => value == null ? null : StageMetricsJson.Parse(value));

    // Without comparers changes in place would not be seen, and so not be saved.
    public static readonly ValueComparer<JsonNode?> JsonComparer =
        new((left, right) => JsonNode.DeepEquals(left, right), value => HashJson(value), value => CloneJson(value));

    public static readonly ValueComparer<StageMetrics?> MetricsComparer =
        new((left, right) => EqualMetrics(left, right), value => HashMetrics(value), value => value == null ? null : value.Clone());

    // Equal values have equal text once keys are sorted; a constant is simpler, and these are never keys.
    private static int HashJson(JsonNode? value) => value is null ? 0 : 1;

    private static JsonNode? CloneJson(JsonNode? value) => value?.DeepClone();

    private static int HashMetrics(StageMetrics? value) => HashCode.Combine(value?.LatencyMs, value?.Tokens, value?.CostUsd);

    private static bool EqualMetrics(StageMetrics? left, StageMetrics? right) =>
        left is null || right is null
            ? ReferenceEquals(left, right)
            : string.Equals(StageMetricsJson.Format(left), StageMetricsJson.Format(right), StringComparison.Ordinal);
}
