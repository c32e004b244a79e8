using System.Text.Json;
using System.Text.Json.Nodes;
using AiSystemSpec.Sdk.Rows;
using AiSystemSpec.Sdk.Runs.Secrets;

namespace AiSystemSpec.Sdk.Runs.Content;

/// <summary>What may be stored of a row's free content. One for direct writes (strict), one for background rows.</summary>
internal sealed class SafeContent
{
    // A cut secret would no longer be recognised: far more than is kept is searched, but not a text of any length.
    private const int SearchedSummaryLength = 64 * 1_024;

    private readonly SafeNames _names;
    private readonly bool _isStrict;
    private readonly JsonText _text;
    private readonly SafeJson _json;

    public SafeContent(Redactor redactor, SafeNames names, bool isStrict)
    {
        _names = names;
        _isStrict = isStrict;
        _text = new JsonText(redactor);
        _json = new SafeJson(_text, isStrict);
    }

    /// <summary>What is kept of a text until it is formatted: a row that waits holds no more of it than will be looked at.</summary>
    public static string? Beginning(string? text) =>
        text is null || text.Length <= SearchedSummaryLength ? text : text[..(char.IsHighSurrogate(text[SearchedSummaryLength - 1]) ? SearchedSummaryLength - 1 : SearchedSummaryLength)];

    /// <summary>A run's id or a stage's name.</summary>
    public string Name(string text, string argumentName)
    {
        if (_isStrict)
        {
            Text.StoredText.ThrowIfInvalid(text, argumentName);
        }

        return _names.Store(text);
    }

    public string? ErrorSummary(string? text)
    {
        if (text is null)
        {
            return null;
        }

        if (_isStrict)
        {
            Text.StoredText.ThrowIfInvalid(text, nameof(RunLogEntry.ErrorSummary));
        }

        text = _text.Redact(SafeText.Replace(Beginning(text)!), _text.NewSearchTime());
        return SafeText.Cut(text, ContentLimits.TextBytes, ContentLimits.CutMark);
    }

    public byte[]? Refs(JsonNode? refs, string argumentName) => _json.Copy(refs, argumentName);

    public byte[]? Metrics(StageMetrics? metrics)
    {
        if (metrics is null)
        {
            return null;
        }

        if (StageMetricsJson.IsOnlyBareValue(metrics) && metrics.Additional.TryGetValue(MetricKeys.Bare, out var bare))
        {
            return _json.Copy(bare, nameof(RunLogEntry.Metrics));
        }

        var json = Format(metrics, out var isCut);
        return isCut ? Format(KnownOnly(metrics), out _) : json;
    }

    private byte[] Format(StageMetrics metrics, out bool isCut) => _json.Copy(nameof(RunLogEntry.Metrics), metrics, Write, out isCut);

    private static void Write(Utf8JsonWriter writer, JsonWalk walk, StageMetrics metrics) =>
        StageMetricsJson.Write(writer, metrics, (_, key, value) => walk.WriteProperty(key, value));

    private static StageMetrics KnownOnly(StageMetrics metrics)
    {
        var known = metrics.CloneKnown();
        known.Additional[ContentLimits.CutKey] = true;
        return known;
    }
}
