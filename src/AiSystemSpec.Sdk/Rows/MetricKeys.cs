namespace AiSystemSpec.Sdk.Rows;

/// <summary>The keys of <c>pipeline_runs.metrics</c> that have a property of their own.</summary>
internal static class MetricKeys
{
    public const string LatencyMs = "latency_ms";
    public const string Tokens = "tokens";
    public const string CostUsd = "cost_usd";
    public const string CacheHit = "cache_hit";
    public const string RetryCount = "retry_count";

    /// <summary>The schema's own word for the latency, in milliseconds; other programs write it.</summary>
    public const string Latency = "latency";

    /// <summary>The schema's own word for the cost, in US dollars; other programs write it.</summary>
    public const string Cost = "cost";

    /// <summary>Set, to true, on the failure of a stage that was called off.</summary>
    public const string Cancelled = "cancelled";

    /// <summary>Holds metrics that are not an object.</summary>
    public const string Bare = "";
}
