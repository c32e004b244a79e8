using System.Globalization;
using AiSystemSpec.Sdk;

namespace ContentPipeline.Reporting;

/// <summary>Prints runs as they stand in <c>pipeline_runs</c>, a line for each row.</summary>
internal static class RunTable
{
    private const int ItemWidth = 36;
    private const string Absent = "-";

    private static readonly string[] Titles = ["RUN", "STAGE", "STATUS", "ATTEMPT", "LATENCY", "TOKENS", "COST", "CACHE HIT"];

    public static void Write(TextWriter output, IEnumerable<(string ItemId, RunTimeline Run)> runs)
    {
        var lines = runs.SelectMany(run => run.Run.Rows, (run, row) => Cells(run.ItemId, row)).Prepend(Titles).ToList();
        var widths = Enumerable.Range(0, Titles.Length).Select(column => lines.Max(line => line[column].Length)).ToList();
        foreach (var line in lines)
        {
            output.WriteLine(string.Join("  ", line.Select((cell, column) => Align(cell, column, widths[column]))).TrimEnd());
        }
    }

    private static string[] Cells(string itemId, PipelineRun row) =>
    [
        ConsoleText.Fit(itemId, ItemWidth),
        ConsoleText.Fit(row.Stage ?? Absent, ItemWidth),
        row.Status?.Value ?? Absent,
        row.Attempts?.ToString(CultureInfo.InvariantCulture) ?? Absent,
        row.Metrics?.LatencyMs is { } latency ? string.Create(CultureInfo.InvariantCulture, $"{latency} ms") : Absent,
        row.Metrics?.Tokens?.ToString("N0", CultureInfo.InvariantCulture) ?? Absent,
        row.Metrics?.CostUsd is { } cost ? string.Create(CultureInfo.InvariantCulture, $"${cost:0.0000}") : Absent,
        row.Metrics?.CacheHit is { } hit ? (hit ? "yes" : "no") : Absent,
    ];

    // Words to the left, numbers to the right.
    private static string Align(string cell, int column, int width) => column is >= 3 and <= 6 ? cell.PadLeft(width) : cell.PadRight(width);
}
