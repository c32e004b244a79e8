using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using AiSystemSpec.Sdk.Runs.Queue;

namespace AiSystemSpec.Sdk.Runs.Content;

/// <summary>What may be stored of a row's free content. One for direct writes (strict), one for background rows.</summary>
internal sealed class SafeContent
{
    // A cut secret would no longer be recognised: far more than is kept is searched, but not a text of any length.
    private const int SearchedSummaryLength = 64 * 1_024;

    private readonly Redactor _redactor;
    private readonly SafeJson _json;
    private readonly bool _isStrict;

    public SafeContent(IEnumerable<Regex> redactions, bool isStrict)
    {
        _redactor = new Redactor(redactions);
        _json = new SafeJson(_redactor, isStrict);
        _isStrict = isStrict;
    }

    /// <summary>A run's id or a stage's name.</summary>
    public string Name(string text, string argumentName) => _redactor.Redact(Storable(text, argumentName));

    public string? ErrorSummary(string? text)
    {
        if (text is null)
        {
            return null;
        }

        if (text.Length > SearchedSummaryLength)
        {
            _ = Storable(text, nameof(RunLogEntry.ErrorSummary));
            var length = char.IsHighSurrogate(text[SearchedSummaryLength - 1]) ? SearchedSummaryLength - 1 : SearchedSummaryLength;
            text = text[..length];
        }

        return SafeText.Cut(_redactor.Redact(Storable(text, nameof(RunLogEntry.ErrorSummary))), ContentLimits.ErrorSummaryBytes, ContentLimits.CutMark);
    }

    public byte[]? Refs(JsonNode? refs, string argumentName) => _json.Copy(refs, argumentName);

    public byte[]? Metrics(StageMetrics? metrics)
    {
        if (metrics is null)
        {
            return null;
        }

        if (StageMetricsJson.IsOnlyBareValue(metrics))
        {
            return _json.Copy(metrics.Additional[MetricKeys.Bare], nameof(RunLogEntry.Metrics));
        }

        var json = Format(metrics, out var isCut);
        return isCut ? Format(KnownOnly(metrics), out _) : json;
    }

    private byte[] Format(StageMetrics metrics, out bool isCut) =>
        _json.Copy(nameof(RunLogEntry.Metrics), (Metrics: metrics, Json: _json), Write, out isCut);

    private static int Write(Utf8JsonWriter writer, (StageMetrics Metrics, SafeJson Json) state)
    {
        var walk = state.Json.NewWalk(writer);
        var depth = 0;
        StageMetricsJson.Write(writer, state.Metrics, (_, key, value) =>
        {
            walk.WriteName(key);
            depth = Math.Max(depth, walk.Write(value));
        });
        return depth + 1;
    }

    private static StageMetrics KnownOnly(StageMetrics metrics)
    {
        var known = new KnownMetrics(metrics).ToStageMetrics()!;
        known.Additional[ContentLimits.CutKey] = true;
        return known;
    }

    private string Storable(string text, string argumentName)
    {
        if (!_isStrict)
        {
            return SafeText.Replace(text);
        }

        Text.StoredText.ThrowIfInvalid(text, argumentName);
        return text;
    }
}
