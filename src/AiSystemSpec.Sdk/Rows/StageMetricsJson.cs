using System.Text.Json;
using System.Text.Json.Nodes;
using AiSystemSpec.Sdk.Json;

namespace AiSystemSpec.Sdk.Rows;

/// <summary>Reads <c>metrics</c> leniently, whatever other programs wrote, and writes them without loss.</summary>
internal static class StageMetricsJson
{
    public static StageMetrics? Parse(string json)
    {
        var node = StoredJson.Parse(json);
        return node switch
        {
            null => null,
            JsonObject properties => FromObject(properties),
            _ => FromBareValue(node),
        };
    }

    /// <summary>Writes the metrics as JSON text.</summary>
    /// <exception cref="JsonException">A value is nested deeper than <see cref="StoredJson.MaxDepth"/>.</exception>
    public static string Format(StageMetrics metrics)
    {
        if (IsOnlyBareValue(metrics))
        {
            return StoredJson.Format(metrics.Additional[MetricKeys.Bare]) ?? "null";
        }

        return StoredJson.Format(writer => Write(writer, metrics, static (target, key, value) =>
        {
            target.WritePropertyName(key);
            StoredJson.Write(target, value);
        }));
    }

    /// <summary>
    /// Writes the metrics as a JSON object; each key and value beside the known ones goes through <paramref name="writeAdditional"/>.
    /// </summary>
    public static void Write(Utf8JsonWriter writer, StageMetrics metrics, Action<Utf8JsonWriter, string, JsonNode?> writeAdditional)
    {
        writer.WriteStartObject();
        WriteKnown(writer, metrics);
        if (metrics.HasAdditional)
        {
            foreach (var (key, value) in metrics.Additional)
            {
                if (!IsWritten(metrics, key))
                {
                    writeAdditional(writer, key, value);
                }
            }
        }

        writer.WriteEndObject();
    }

    private static StageMetrics FromBareValue(JsonNode node)
    {
        var metrics = new StageMetrics { IsBareValue = true };
        metrics.Additional[MetricKeys.Bare] = node;
        return metrics;
    }

    private static StageMetrics FromObject(JsonObject properties)
    {
        var metrics = new StageMetrics();
        metrics.LatencyKey = properties.ContainsKey(MetricKeys.LatencyMs) ? MetricKeys.LatencyMs : MetricKeys.Latency;
        metrics.CostKey = properties.ContainsKey(MetricKeys.CostUsd) ? MetricKeys.CostUsd : MetricKeys.Cost;
        foreach (var (key, value) in properties.ToList())
        {
            if (!TryTake(metrics, key, value))
            {
                properties.Remove(key);
                metrics.Additional[key] = value;
            }
        }

        // What is added later goes under the documented keys.
        metrics.LatencyKey = metrics.LatencyMs is null ? MetricKeys.LatencyMs : metrics.LatencyKey;
        metrics.CostKey = metrics.CostUsd is null ? MetricKeys.CostUsd : metrics.CostKey;
        return metrics;
    }

    private static bool TryTake(StageMetrics metrics, string key, JsonNode? value)
    {
        if (string.Equals(key, metrics.LatencyKey, StringComparison.Ordinal))
        {
            return (metrics.LatencyMs = AsInt64(value)) is not null;
        }

        if (string.Equals(key, metrics.CostKey, StringComparison.Ordinal))
        {
            return (metrics.CostUsd = AsDecimal(value)) is not null;
        }

        return key switch
        {
            MetricKeys.Tokens => (metrics.Tokens = AsInt64(value)) is not null,
            MetricKeys.CacheHit => (metrics.CacheHit = AsBoolean(value)) is not null,
            MetricKeys.RetryCount => (metrics.RetryCount = AsInt32(value)) is not null,
            _ => false,
        };
    }

    private static decimal? AsDecimal(JsonNode? value) =>
        value?.GetValueKind() == JsonValueKind.Number && value.AsValue().TryGetValue<JsonElement>(out var element) && element.TryGetDecimal(out var number)
            ? number
            : null;

    /// <summary>A whole number, also where it is written as <c>12.0</c>; a fraction is kept raw rather than rounded.</summary>
    private static long? AsInt64(JsonNode? value) =>
        AsDecimal(value) is { } number && decimal.IsInteger(number) && number is >= long.MinValue and <= long.MaxValue ? (long)number : null;

    private static int? AsInt32(JsonNode? value) =>
        AsInt64(value) is { } number and >= int.MinValue and <= int.MaxValue ? (int)number : null;

    private static bool? AsBoolean(JsonNode? value) => value?.GetValueKind() switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => null,
    };

    /// <summary>Whether the metrics were not an object and nothing was added: they are written back bare.</summary>
    public static bool IsOnlyBareValue(StageMetrics metrics) =>
        metrics is { IsBareValue: true, LatencyMs: null, Tokens: null, CostUsd: null, CacheHit: null, RetryCount: null }
        && metrics.Additional.Count == 1 && metrics.Additional.ContainsKey(MetricKeys.Bare);

    private static void WriteKnown(Utf8JsonWriter writer, StageMetrics metrics)
    {
        if (metrics.LatencyMs is { } latency)
        {
            writer.WriteNumber(metrics.LatencyKey, latency);
        }

        if (metrics.Tokens is { } tokens)
        {
            writer.WriteNumber(MetricKeys.Tokens, tokens);
        }

        if (metrics.CostUsd is { } cost)
        {
            writer.WriteNumber(metrics.CostKey, cost);
        }

        if (metrics.CacheHit is { } hit)
        {
            writer.WriteBoolean(MetricKeys.CacheHit, hit);
        }

        if (metrics.RetryCount is { } retries)
        {
            writer.WriteNumber(MetricKeys.RetryCount, retries);
        }
    }

    /// <summary>A property that was set replaces the raw value that stood under its key.</summary>
    private static bool IsWritten(StageMetrics metrics, string key) => key switch
    {
        MetricKeys.Tokens => metrics.Tokens is not null,
        MetricKeys.CacheHit => metrics.CacheHit is not null,
        MetricKeys.RetryCount => metrics.RetryCount is not null,
        _ => (metrics.LatencyMs is not null && string.Equals(key, metrics.LatencyKey, StringComparison.Ordinal))
            || (metrics.CostUsd is not null && string.Equals(key, metrics.CostKey, StringComparison.Ordinal)),
    };
}
