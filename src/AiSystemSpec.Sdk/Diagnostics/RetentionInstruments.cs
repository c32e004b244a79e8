using System.Diagnostics.Metrics;

namespace AiSystemSpec.Sdk.Diagnostics;

/// <summary>What retention tells.</summary>
internal static class RetentionInstruments
{
    /// <summary>Tagged <c>table</c>, with the qualified name.</summary>
    private static readonly Counter<long> Deleted =
        Instruments.Meter.CreateCounter<long>("aisystemspec.retention.deleted", "{row}", "Rows that retention deleted, by table.");

    public static void CountDeleted(string table, int rows) => Deleted.Add(rows, new KeyValuePair<string, object?>("table", table));
}
