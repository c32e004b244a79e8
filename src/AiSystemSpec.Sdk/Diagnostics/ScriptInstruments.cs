using System.Diagnostics.Metrics;

namespace AiSystemSpec.Sdk.Diagnostics;

/// <summary>What the feed of scripts tells.</summary>
/// <param name="database">The registration's name.</param>
internal sealed class ScriptInstruments(string database)
{
    private static readonly Counter<long> Delivered =
        Instruments.Meter.CreateCounter<long>("aisystemspec.scripts.changes", "{script}", "Scripts that feeds delivered.");

    private static readonly Gauge<long> Window = Instruments.Meter.CreateGauge<long>(
        "aisystemspec.scripts.window", "{transaction}", "Transactions that a feed reads again until the oldest that is open has ended.");

    private readonly KeyValuePair<string, object?> _database = Instruments.DatabaseTag(database);

    public void CountDelivered(int scripts) => Delivered.Add(scripts, _database);

    public void RecordWindow(long transactions) => Window.Record(transactions, _database);
}
