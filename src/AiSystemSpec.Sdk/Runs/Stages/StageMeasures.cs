using System.Text.Json.Nodes;
using AiSystemSpec.Sdk.Json;
using AiSystemSpec.Sdk.Rows;
using AiSystemSpec.Sdk.Runs.Formatting;

namespace AiSystemSpec.Sdk.Runs.Stages;

/// <summary>What a scope collects. Not safe for parallel callers.</summary>
internal sealed class StageMeasures(RowFormatter formatter)
{
    // As text: a copied node could be changed by whoever reads a snapshot.
    private Dictionary<string, byte[]?>? _further;

    public long? Tokens { get; set; }

    public decimal? CostUsd { get; set; }

    public bool? CacheHit { get; set; }

    /// <summary>Gets or sets whether the stage was called off.</summary>
    public bool IsCancelled { get; set; }

    public void Set(string key, JsonNode? value) =>
        (_further ??= new(StringComparer.Ordinal))[key] = formatter.CopyRefs(value, nameof(value));

    public StageMetrics ToMetrics(TimeSpan duration)
    {
        var metrics = new StageMetrics { LatencyMs = Milliseconds(duration), Tokens = Tokens, CostUsd = CostUsd, CacheHit = CacheHit };
        if (_further is not null)
        {
            foreach (var (key, json) in _further)
            {
                metrics.Additional[key] = json is null ? null : StoredJson.Parse(json);
            }
        }

        if (IsCancelled)
        {
            metrics.Additional[MetricKeys.Cancelled] = true;
        }

        return metrics;
    }

    /// <summary>At least 1: in this table a latency of 0 means that it was not measured.</summary>
    private static long Milliseconds(TimeSpan duration) => Math.Max(1, (long)Math.Round(duration.TotalMilliseconds));
}
