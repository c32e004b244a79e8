using System.ComponentModel;
using System.Text.Json.Nodes;
using AiSystemSpec.Sdk.Json;
using AiSystemSpec.Sdk.Rows;

namespace AiSystemSpec.Sdk;

/// <summary>
/// What the model's converters and comparers do. Public for the code that <c>dotnet ef dbcontext optimize</c> generates, which repeats
/// their expressions in the host's own assembly; nothing for hosts to call.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class StoredValues
{
    /// <summary>Writes references as JSON text.</summary>
    /// <param name="value">The references.</param>
    /// <returns>The text; null for none.</returns>
    public static string? FormatJson(JsonNode? value) => StoredJson.Format(value);

    /// <summary>Reads references; what is nested too deeply to be parsed becomes a string.</summary>
    /// <param name="json">The JSON text.</param>
    /// <returns>The references; null for none, and for JSON null.</returns>
    public static JsonNode? ParseJson(string? json) => json is null ? null : StoredJson.Parse(json);

    /// <summary>Compares references by value.</summary>
    /// <param name="left">One side.</param>
    /// <param name="right">The other.</param>
    /// <returns>Whether they are equal.</returns>
    public static bool AreEqual(JsonNode? left, JsonNode? right) => JsonNode.DeepEquals(left, right);

    /// <summary>Returns a hash code of references.</summary>
    /// <param name="value">The references.</param>
    /// <returns>The hash code.</returns>
    public static int GetHashCode(JsonNode? value) => value is null ? 0 : 1; // equal values may be spelled differently; these are never keys

    /// <summary>Copies references, so that changes in place are seen.</summary>
    /// <param name="value">The references.</param>
    /// <returns>The copy.</returns>
    public static JsonNode? Copy(JsonNode? value) => value?.DeepClone();

    /// <summary>Writes metrics as JSON text.</summary>
    /// <param name="value">The metrics.</param>
    /// <returns>The text; null for none.</returns>
    public static string? FormatMetrics(StageMetrics? value) => value is null ? null : StageMetricsJson.Format(value);

    /// <summary>Reads metrics, whatever other programs wrote.</summary>
    /// <param name="json">The JSON text.</param>
    /// <returns>The metrics; null for none, and for JSON null.</returns>
    public static StageMetrics? ParseMetrics(string? json) => json is null ? null : StageMetricsJson.Parse(json);

    /// <summary>Compares metrics by what is written of them.</summary>
    /// <param name="left">One side.</param>
    /// <param name="right">The other.</param>
    /// <returns>Whether they are equal.</returns>
    public static bool AreEqual(StageMetrics? left, StageMetrics? right) =>
        left is null || right is null
            ? ReferenceEquals(left, right)
            : string.Equals(StageMetricsJson.Format(left), StageMetricsJson.Format(right), StringComparison.Ordinal);

    /// <summary>Returns a hash code of metrics.</summary>
    /// <param name="value">The metrics.</param>
    /// <returns>The hash code.</returns>
    public static int GetHashCode(StageMetrics? value) => HashCode.Combine(value?.LatencyMs, value?.Tokens, value?.CostUsd);

    /// <summary>Copies metrics, so that changes in place are seen.</summary>
    /// <param name="value">The metrics.</param>
    /// <returns>The copy.</returns>
    public static StageMetrics? Copy(StageMetrics? value) => value?.Clone();
}
