using System.Diagnostics.Metrics;

namespace AiSystemSpec.Sdk.Diagnostics;

/// <summary>What the run log of one registration tells.</summary>
/// <param name="database">The registration's name.</param>
internal sealed class RunInstruments(string database)
{
    private static readonly Counter<long> Written =
        Instruments.Meter.CreateCounter<long>("aisystemspec.runs.written", "{row}", "Rows of pipeline_runs that are committed.");

    private static readonly Histogram<double> StageDuration =
        Instruments.Meter.CreateHistogram<double>("aisystemspec.runs.stage.duration", "s", "How long attempts at stages took.");

    private static readonly Counter<long> SetAside =
        Instruments.Meter.CreateCounter<long>("aisystemspec.runs.set_aside", "{row}", "Rows of pipeline_runs that the database refused and that are kept in a file.");

    private static readonly Counter<long> SpoolLeftAlone =
        Instruments.Meter.CreateCounter<long>("aisystemspec.runs.spool.left_alone", "{folder}", "Folders of the spool that were found and not replayed: another database's, another version's, or not readable.");

    private static readonly Counter<long> Lost =
        Instruments.Meter.CreateCounter<long>("aisystemspec.runs.lost", "{row}", "Rows of pipeline_runs that were lost.");

    private static readonly Counter<long> Errors =
        Instruments.Meter.CreateCounter<long>("aisystemspec.runs.errors", "{error}", "Errors of the run log that are neither the database's nor a row's.");

    private static readonly WaitingRows Waiting = new();

    private readonly KeyValuePair<string, object?> _database = Instruments.DatabaseTag(database);

    static RunInstruments() =>
        _ = Instruments.Meter.CreateObservableUpDownCounter("aisystemspec.runs.waiting", Waiting.Measure, "{row}", "Rows of pipeline_runs that wait to be written.");

    /// <summary>Gets whether anybody listens to the duration of stages.</summary>
    public static bool HasStageListeners => StageDuration.Enabled;

    public void CountWritten(int rows) => Written.Add(rows, _database);

    public void CountSetAside() => SetAside.Add(1, _database);

    public void CountLeftAlone() => SpoolLeftAlone.Add(1, _database);

    public void CountLost(int rows, string reason) => Lost.Add(rows, _database, Instruments.Tag("loss_reason", reason));

    public void RecordStage(string stage, RunStatus status, TimeSpan duration) =>
        StageDuration.Record(duration.TotalSeconds, _database, Instruments.Tag("stage", stage), Instruments.Tag("status", status.Value));

    public void CountError(Exception exception) => Errors.Add(1, _database, new KeyValuePair<string, object?>("error.type", exception.GetType().FullName)); // OpenTelemetry's own name

    /// <summary>Adds a logger's waiting rows to what is observed, for as long as the logger holds the function.</summary>
    public void Observe(Func<long> waiting) => Waiting.Add(_database, waiting);
}
