using System.Globalization;
using AiSystemSpec.Sdk.Cli.Terminal;

namespace AiSystemSpec.Sdk.Cli.Output;

/// <summary>One value of a table, on one line and without control characters; nothing is a dash.</summary>
internal readonly record struct Cell
{
    private const string Absent = "-";

    public Cell(string? text, Tone tone = Tone.Plain) =>
        (Text, Tone) = (string.IsNullOrEmpty(text) ? Absent : VisibleText.OneLine(text), tone);

    public string Text { get; }

    public Tone Tone { get; }

    public static implicit operator Cell(string? text) => new(text);

    public static Cell Of(long? value) => new(value?.ToString("N0", CultureInfo.InvariantCulture));

    public static Cell OfUsd(decimal? value) =>
        new(value is { } usd ? string.Create(CultureInfo.InvariantCulture, $"${usd:#,0.0000}") : null);

    public static Cell OfMilliseconds(double? value) =>
        new(value is { } milliseconds ? string.Create(CultureInfo.InvariantCulture, $"{milliseconds:N0} ms") : null);

    public static Cell OfPercent(double? value) =>
        new(value is { } part ? string.Create(CultureInfo.InvariantCulture, $"{part * 100:0.0} %") : null);

    public static Cell OfMoment(DateTimeOffset? value, TimeZoneInfo? zone = null) => new(value is not { } moment
        ? null
        : TimeZoneInfo.ConvertTime(moment, zone ?? TimeZoneInfo.Utc).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture));

    public static Cell OfStatus(string? status) => new(status, status switch
    {
        "success" or "done" or "applied" => Tone.Good,
        "failure" or "failed" or "error" => Tone.Bad,
        "retry" or "stalled" or "pending" or "warning" => Tone.Warning,
        "skipped" => Tone.Quiet,
        _ => Tone.Plain,
    });
}
