using Microsoft.Extensions.Logging;

namespace AiSystemSpec.Sdk.Diagnostics;

/// <summary>Messages of retention.</summary>
internal static partial class Log
{
    [LoggerMessage(5001, LogLevel.Information, "Retention deleted {Research} rows of research, {SystemEvents} system events, {Scripts} scripts and {Runs} rows of run logs in {Batches} batches.", EventName = "Purged")]
    public static partial void Purged(ILogger logger, long research, long systemEvents, long scripts, long runs, int batches);

    [LoggerMessage(5002, LogLevel.Debug, "Another purge of this database is under way; this one did nothing.", EventName = "OtherPurgeAtWork")]
    public static partial void OtherPurgeAtWork(ILogger logger);

    [LoggerMessage(5003, LogLevel.Error, "A purge failed. What it deleted before stays deleted; the rest is tried again in {Interval}.", EventName = "PurgeFailed")]
    public static partial void PurgeFailed(ILogger logger, Exception exception, TimeSpan interval);

    [LoggerMessage(5004, LogLevel.Warning, "Retention is registered, but no age and no number to keep is set: nothing will be deleted. Set one in AddAiSystemSpecRetention.", EventName = "RetentionIsOff")]
    public static partial void RetentionIsOff(ILogger logger);

    [LoggerMessage(EventId = 5005, Message = "Retention left {Rows} rows of {Table}: {Reason}", EventName = "RowsSkipped")]
    public static partial void RowsSkipped(ILogger logger, LogLevel level, long rows, string table, string reason);
}
