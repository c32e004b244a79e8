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

    /// <summary>Copies an entry that goes to the background: what can be changed later (JSON) at once, the rest by value.</summary>
    public void Copy(RunLogEntry entry, ref HandedOverRow row)
    {
        row.RunId = SafeNames.Bound(entry.RunId);
        row.Stage = SafeNames.Bound(entry.Stage);
        row.Status = entry.Status.Value;
        row.Attempts = entry.Attempts;
        row.ErrorSummary = SafeContent.Beginning(entry.ErrorSummary);
        row.HasCreatedAt = entry.CreatedAt is not null;
        row.CreatedAt = entry.CreatedAt is { } given ? Timestamps.Normalize(given).UtcTicks : 0;
        row.Id = entry.Id.GetValueOrDefault();
        row.HasOwnId = entry.Id is not null;
        row.InputRefs = CopyRefs(entry.InputRefs, nameof(entry.InputRefs));
        row.OutputRefs = CopyRefs(entry.OutputRefs, nameof(entry.OutputRefs));
        if (entry.Metrics is { } metrics)
        {
            CopyMetrics(metrics, ref row);
        }
    }

    /// <summary>A run's id or a stage's name as it is stored, for what else tells of it.</summary>
    public string NameOf(string name) => _names.Store(name);

    public string? SummaryOf(string? errorSummary) => _lenient.ErrorSummary(errorSummary);

    public byte[]? CopyRefs(JsonNode? refs, string argumentName) => _lenient.Refs(refs, argumentName);

    public void CopyMetrics(StageMetrics metrics, ref HandedOverRow row)
    {
        row.Metrics = new KnownMetrics(metrics);
        row.MetricsJson = metrics.HasAdditional ? _lenient.Metrics(metrics) : null;
    }

    public StoredRow Format(in HandedOverRow row) => new()
    {
        Id = row.Id,
        RunId = _lenient.Name(row.RunId, nameof(row.RunId)),
        Stage = _lenient.Name(row.Stage, nameof(row.Stage)),
        Status = row.Status,
        Attempts = row.Attempts,
        InputRefs = row.InputRefs,
        OutputRefs = row.OutputRefs,
        ErrorSummary = _lenient.ErrorSummary(row.ErrorSummary),
        Metrics = row.MetricsJson ?? _lenient.Metrics(row.Metrics.ToStageMetrics()),
        Moment = row.Moment,
        GivenCreatedAt = row.HasCreatedAt ? new DateTime(row.CreatedAt, DateTimeKind.Utc) : null,
        MayExist = row.HasOwnId,
        HasCallersId = row.HasOwnId,
    };

    /// <summary>Formats a row for a direct write, which refuses what cannot be stored as it is.</summary>
    /// <exception cref="ArgumentException">Text or JSON cannot be stored.</exception>
    public StoredRow FormatStrictly(RunLogEntry entry, Guid id)
    {
        DateTime? given = entry.CreatedAt is { } moment ? Timestamps.Normalize(moment).UtcDateTime : null;
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
            PlainMetrics = entry.Metrics is { HasAdditional: false } plain ? new KnownMetrics(plain).ToStageMetrics() : null,
            GivenCreatedAt = given,
            CreatedAt = given,
            MayExist = entry.Id is not null,
            HasCallersId = entry.Id is not null,
        };
    }
}
