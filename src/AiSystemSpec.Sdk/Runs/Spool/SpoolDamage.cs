using AiSystemSpec.Sdk.Diagnostics;
using AiSystemSpec.Sdk.Runs.Queue;
using Microsoft.Extensions.Logging;

namespace AiSystemSpec.Sdk.Runs.Spool;

/// <summary>Reports what the spool's files should hold and do not.</summary>
internal sealed class SpoolDamage(RunLogState state, ILogger logger)
{
    /// <summary>Bytes that are no rows, and where they are kept.</summary>
    public void Report(long bytes, string kept) => Log.SpoolDamaged(logger, bytes, kept);

    /// <summary>Rows that are gone.</summary>
    public void CountMissing(long rows, string folder, long file)
    {
        Log.SpoolRowsMissing(logger, rows, folder, file);
        state.CountLost((int)Math.Min(rows, int.MaxValue), "damaged");
    }
}
