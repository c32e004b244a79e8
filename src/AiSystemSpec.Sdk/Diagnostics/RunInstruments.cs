using System.Diagnostics.Metrics;

namespace AiSystemSpec.Sdk.Diagnostics;

/// <summary>The run log's instruments.</summary>
internal static class RunInstruments
{
    public static readonly Counter<long> Written =
        Instruments.Meter.CreateCounter<long>("aisystemspec.runs.written", "{row}", "Rows of pipeline_runs that are committed.");

    public static readonly Histogram<double> StageDuration =
        Instruments.Meter.CreateHistogram<double>("aisystemspec.runs.stage.duration", "s", "How long attempts at stages took.");

    public static readonly Counter<long> SetAside =
        Instruments.Meter.CreateCounter<long>("aisystemspec.runs.set_aside", "{row}", "Rows of pipeline_runs that the database refused and that are kept in a file.");

    public static readonly Counter<long> SpoolLeftAlone =
        Instruments.Meter.CreateCounter<long>("aisystemspec.runs.spool.left_alone", "{folder}", "Folders of the spool that were found and not replayed: another database's, another version's, or not readable.");

    private static readonly Counter<long> Lost =
        Instruments.Meter.CreateCounter<long>("aisystemspec.runs.lost", "{row}", "Rows of pipeline_runs that were lost.");

    private static readonly Counter<long> Errors =
        Instruments.Meter.CreateCounter<long>("aisystemspec.runs.errors", "{error}", "Errors of the run log that are neither the database's nor a row's.");

    private static readonly Lock SourcesLock = new();
    private static readonly List<WeakReference<Func<long>>> Sources = [];

    static RunInstruments() =>
        _ = Instruments.Meter.CreateObservableUpDownCounter("aisystemspec.runs.waiting", SumWaiting, "{row}", "Rows of pipeline_runs that wait to be written.");

    public static void CountLost(int rows, string reason) => Lost.Add(rows, new KeyValuePair<string, object?>("reason", reason));

    public static void RecordStage(string stage, RunStatus status, TimeSpan duration) =>
        StageDuration.Record(duration.TotalSeconds, new KeyValuePair<string, object?>("stage", stage), new KeyValuePair<string, object?>("status", status.Value));

    public static void CountError(Exception exception) => Errors.Add(1, new KeyValuePair<string, object?>("error.type", exception.GetType().FullName));

    /// <summary>Adds a logger's waiting rows to the sum, for as long as the logger holds the function.</summary>
    public static void Observe(Func<long> waiting)
    {
        lock (SourcesLock)
        {
            _ = Sources.RemoveAll(source => !source.TryGetTarget(out _));
            Sources.Add(new WeakReference<Func<long>>(waiting));
        }
    }

    private static long SumWaiting()
    {
        lock (SourcesLock)
        {
            return Sources.Sum(source => source.TryGetTarget(out var waiting) ? waiting() : 0);
        }
    }
}
