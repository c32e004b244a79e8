using AiSystemSpec.Sdk.Rows;
namespace AiSystemSpec.Sdk.Runs.Content;

/// <summary>The five known metrics, copied by value.</summary>
internal readonly struct KnownMetrics
{
    private readonly long _latency;
    private readonly long _tokens;
    private readonly decimal _cost;
    private readonly int _retries;
    private readonly Present _present;

    public KnownMetrics(StageMetrics metrics)
    {
        _latency = metrics.LatencyMs.GetValueOrDefault();
        _tokens = metrics.Tokens.GetValueOrDefault();
        _cost = metrics.CostUsd.GetValueOrDefault();
        _retries = metrics.RetryCount.GetValueOrDefault();
        _present = (metrics.LatencyMs is null ? Present.None : Present.Latency)
            | (metrics.Tokens is null ? Present.None : Present.Tokens)
            | (metrics.CostUsd is null ? Present.None : Present.Cost)
            | (metrics.RetryCount is null ? Present.None : Present.Retries)
            | (metrics.CacheHit is null ? Present.None : Present.CacheHit)
            | (metrics.CacheHit is true ? Present.IsHit : Present.None)
            | (string.Equals(metrics.LatencyKey, MetricKeys.Latency, StringComparison.Ordinal) ? Present.SchemasLatency : Present.None)
            | (string.Equals(metrics.CostKey, MetricKeys.Cost, StringComparison.Ordinal) ? Present.SchemasCost : Present.None)
            | Present.Metrics;
    }

    [Flags]
    private enum Present : short
    {
        None = 0,
        Metrics = 1,
        Latency = 2,
        Tokens = 4,
        Cost = 8,
        Retries = 16,
        CacheHit = 32,
        IsHit = 64,
        SchemasLatency = 128,
        SchemasCost = 256,
    }

    /// <summary>The metrics again; null where the row has none.</summary>
    public StageMetrics? ToStageMetrics() => !Has(Present.Metrics)
        ? null
        : new StageMetrics
        {
            LatencyMs = Has(Present.Latency) ? _latency : null,
            Tokens = Has(Present.Tokens) ? _tokens : null,
            CostUsd = Has(Present.Cost) ? _cost : null,
            RetryCount = Has(Present.Retries) ? _retries : null,
            CacheHit = Has(Present.CacheHit) ? Has(Present.IsHit) : null,
            LatencyKey = Has(Present.SchemasLatency) ? MetricKeys.Latency : MetricKeys.LatencyMs,
            CostKey = Has(Present.SchemasCost) ? MetricKeys.Cost : MetricKeys.CostUsd,
        };

    private bool Has(Present flag) => (_present & flag) != Present.None;
}
