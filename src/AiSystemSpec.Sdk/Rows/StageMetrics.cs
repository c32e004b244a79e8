using System.Text.Json.Nodes;
using AiSystemSpec.Sdk.Rows;

namespace AiSystemSpec.Sdk;

/// <summary>
/// The <c>metrics</c> of one attempt at a stage. A known value that is <see langword="null"/> is absent or not of its type;
/// in the second case the raw value stays in <see cref="Additional"/> under its own key and is written back as it was.
/// </summary>
/// <remarks>
/// The schema's words <c>latency</c> and <c>cost</c> are read where <c>latency_ms</c> and <c>cost_usd</c> are absent,
/// and are written back under the key that they came with.
/// </remarks>
public sealed class StageMetrics
{
    private Dictionary<string, JsonNode?>? _additional;

    /// <summary>Gets or sets the attempt's duration, in milliseconds (<c>latency_ms</c>).</summary>
    public long? LatencyMs { get; set; }

    /// <summary>Gets or sets the number of tokens used (<c>tokens</c>).</summary>
    public long? Tokens { get; set; }

    /// <summary>Gets or sets the cost, in US dollars (<c>cost_usd</c>).</summary>
    public decimal? CostUsd { get; set; }

    /// <summary>Gets or sets whether the stage was served from a cache (<c>cache_hit</c>).</summary>
    public bool? CacheHit { get; set; }

    /// <summary>Gets or sets how many times the stage's calls were repeated (<c>retry_count</c>).</summary>
    public int? RetryCount { get; set; }

    /// <summary>Gets whatever stands beside the known keys. Metrics that are not a JSON object stand under the key <c>""</c>.</summary>
    public IDictionary<string, JsonNode?> Additional => _additional ??= new(StringComparer.Ordinal);

    /// <summary>Gets whether <see cref="Additional"/> has entries, without making the dictionary.</summary>
    internal bool HasAdditional => _additional is { Count: > 0 };

    /// <summary>Gets or sets the key under which the latency came, so that it is written back under it.</summary>
    internal string LatencyKey { get; set; } = MetricKeys.LatencyMs;

    /// <summary>Gets or sets the key under which the cost came, so that it is written back under it.</summary>
    internal string CostKey { get; set; } = MetricKeys.CostUsd;

    /// <summary>Gets or sets whether the JSON was not an object, so that it is written back bare.</summary>
    internal bool IsBareValue { get; set; }

    /// <summary>Copies the known values alone.</summary>
    /// <returns>The copy.</returns>
    internal StageMetrics CloneKnown()
    {
        var clone = (StageMetrics)MemberwiseClone();
        clone._additional = null;
        clone.IsBareValue = false;
        return clone;
    }

    /// <summary>Copies all values, so that later changes to either side do not show in the other.</summary>
    /// <returns>The copy.</returns>
    internal StageMetrics Clone()
    {
        var clone = (StageMetrics)MemberwiseClone();
        clone._additional = _additional?.ToDictionary(pair => pair.Key, pair => pair.Value?.DeepClone(), StringComparer.Ordinal);
        return clone;
    }
}
