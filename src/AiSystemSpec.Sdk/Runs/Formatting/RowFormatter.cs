using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using AiSystemSpec.Sdk.Runs.Content;
using AiSystemSpec.Sdk.Runs.Secrets;
using AiSystemSpec.Sdk.Specification;
using Microsoft.Extensions.Logging;

namespace AiSystemSpec.Sdk.Runs.Formatting;

/// <summary>Makes table rows of what was handed over.</summary>
internal sealed class RowFormatter
{
    private readonly SafeNames _names;
    private readonly SafeContent _strict;
    private readonly SafeContent _lenient;

    public RowFormatter(IEnumerable<Regex> redactions, ILogger logger)
    {
        var redactor = new Redactor(redactions);
        _names = new SafeNames(redactor, logger);
        _strict = new SafeContent(redactor, _names, isStrict: true);
        _lenient = new SafeContent(redactor, _names, isStrict: false);
    }

    /// <summary>
    /// Copies an entry that goes to the background: what can be changed later (JSON, metrics) at once; the rest cannot change.
    /// </summary>
    public HandedOverRow Copy(RunLogEntry entry) => new()
    {
        Id = entry.Id.GetValueOrDefault(),
        HasCallersId = entry.Id is not null,
        GivenCreatedAt = Normalize(entry.CreatedAt),
        RunId = SafeNames.Bound(entry.RunId),
        Stage = SafeNames.Bound(entry.Stage),
        Status = entry.Status.Value,
        Attempts = entry.Attempts,
        ErrorSummary = SafeContent.Beginning(entry.ErrorSummary),
        InputRefs = CopyRefs(entry.InputRefs, nameof(entry.InputRefs)),
        OutputRefs = CopyRefs(entry.OutputRefs, nameof(entry.OutputRefs)),
        Metrics = PlainOf(entry.Metrics),
        MetricsJson = CopyFurther(entry.Metrics),
    };

    /// <summary>A run's id or a stage's name as it is stored, for what else tells of it.</summary>
    public string NameOf(string name) => _names.Store(name);

    public string? SummaryOf(string? errorSummary) => _lenient.ErrorSummary(errorSummary);

    public byte[]? CopyRefs(JsonNode? refs, string argumentName) => _lenient.Refs(refs, argumentName);

    /// <summary>A copy of metrics that are the known five only; null for others.</summary>
    public static StageMetrics? PlainOf(StageMetrics? metrics) => metrics is { HasAdditional: false } ? metrics.CloneKnown() : null;

    /// <summary>Metrics that hold more than the known five, as JSON; null for others.</summary>
    public byte[]? CopyFurther(StageMetrics? metrics) => metrics is { HasAdditional: true } ? _lenient.Metrics(metrics) : null;

    public StoredRow Format(HandedOverRow row) => new()
    {
        Id = row.Id,
        RunId = _lenient.Name(row.RunId, nameof(row.RunId)),
        Stage = _lenient.Name(row.Stage, nameof(row.Stage)),
        Status = row.Status,
        Attempts = row.Attempts,
        InputRefs = row.InputRefs,
        OutputRefs = row.OutputRefs,
        ErrorSummary = _lenient.ErrorSummary(row.ErrorSummary),
        Metrics = row.MetricsJson ?? _lenient.Metrics(row.Metrics),
        Moment = row.Moment,
        GivenCreatedAt = row.GivenCreatedAt,
        MayExist = row.HasCallersId,
        HasCallersId = row.HasCallersId,
    };

    /// <summary>Formats a row for a direct write, which refuses what cannot be stored as it is.</summary>
    /// <exception cref="ArgumentException">Text or JSON cannot be stored.</exception>
    public StoredRow FormatStrictly(RunLogEntry entry, Guid id)
    {
        var given = Normalize(entry.CreatedAt);
        return new()
        {
            Id = entry.Id ?? id,
            RunId = _strict.Name(entry.RunId, nameof(entry.RunId)),
            Stage = _strict.Name(entry.Stage, nameof(entry.Stage)),
            Status = entry.Status.Value,
            Attempts = entry.Attempts,
            InputRefs = _strict.Refs(entry.InputRefs, nameof(entry.InputRefs)),
            OutputRefs = _strict.Refs(entry.OutputRefs, nameof(entry.OutputRefs)),
            ErrorSummary = _strict.ErrorSummary(entry.ErrorSummary),
            Metrics = _strict.Metrics(entry.Metrics),
            PlainMetrics = PlainOf(entry.Metrics),
            GivenCreatedAt = given,
            CreatedAt = given,
            MayExist = entry.Id is not null,
            HasCallersId = entry.Id is not null,
        };
    }

    private static DateTime? Normalize(DateTimeOffset? moment) => moment is { } given ? Timestamps.Normalize(given).UtcDateTime : null;
}
