using System.Diagnostics.Metrics;

namespace AiSystemSpec.Sdk.Diagnostics;

/// <summary>What retention tells.</summary>
internal static class RetentionInstruments
{
    private static readonly Counter<long> Deleted =
        Instruments.Meter.CreateCounter<long>("aisystemspec.retention.deleted", "{row}", "Rows that retention deleted, by table.");

    /// <param name="database">The registration's name.</param>
    /// <param name="table">The table's qualified name.</param>
    /// <param name="rows">How many rows.</param>
    public static void CountDeleted(string database, string table, int rows) =>
        Deleted.Add(rows, Instruments.DatabaseTag(database), Instruments.Tag("table", table));
}
