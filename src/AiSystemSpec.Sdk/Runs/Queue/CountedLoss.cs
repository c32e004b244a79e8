using AiSystemSpec.Sdk.Diagnostics;
using AiSystemSpec.Sdk.Runs.Formatting;
using Microsoft.Extensions.Logging;

namespace AiSystemSpec.Sdk.Runs.Queue;

/// <summary>Without a spool there is no place for refused rows: they are counted as lost.</summary>
internal sealed class CountedLoss(RunLogState state, ILogger logger) : ISetAside
{
    public void Add(StoredRow row, Exception? exception)
    {
        Log.RunRowRefused(logger, exception, "lost, since RunLogOptions.SpoolDirectory names no folder to keep it in");
        state.CountLost(1, "refused");
    }
}
