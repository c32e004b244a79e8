using Microsoft.Extensions.Logging;

namespace AiSystemSpec.Sdk.Diagnostics;

/// <summary>Messages of the run log.</summary>
internal static partial class Log
{
    [LoggerMessage(3001, LogLevel.Error, "Rows of the run log are being lost ({Reason}); {Lost} since the process began. Further losses of this burst show in the metric aisystemspec.runs.lost only.", EventName = "RunRowsLost")]
    public static partial void RunRowsLost(ILogger logger, string reason, long lost);

    [LoggerMessage(3002, LogLevel.Warning, "The run log cannot reach the database; {Waiting} rows wait and are tried again.", EventName = "RunLogAway")]
    public static partial void RunLogAway(ILogger logger, Exception exception, long waiting);

    [LoggerMessage(3003, LogLevel.Information, "The run log reaches the database again.", EventName = "RunLogBack")]
    public static partial void RunLogBack(ILogger logger);

    [LoggerMessage(3004, LogLevel.Error, "The database refused a row of the run log for its own sake; it is {Fate}.", EventName = "RunRowRefused")]
    public static partial void RunRowRefused(ILogger logger, Exception? exception, string fate);

    [LoggerMessage(3005, LogLevel.Error, "The run log's spool cannot be written; rows wait in memory instead.", EventName = "SpoolFailed")]
    public static partial void SpoolFailed(ILogger logger, Exception exception);

    [LoggerMessage(3006, LogLevel.Error, "{Bytes} bytes of the run log's spool are damaged; they are kept in {File}.", EventName = "SpoolDamaged")]
    public static partial void SpoolDamaged(ILogger logger, long bytes, string file);

    [LoggerMessage(3007, LogLevel.Information, "The spool of a process that is gone is replayed: {Rows} rows.", EventName = "SpoolTaken")]
    public static partial void SpoolTaken(ILogger logger, long rows);
}
