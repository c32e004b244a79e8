using Microsoft.Extensions.Logging;

namespace AiSystemSpec.Sdk.Diagnostics;

/// <summary>Messages of the run log.</summary>
internal static partial class Log
{
    [LoggerMessage(3001, LogLevel.Error, "Rows of the run log are being lost ({Reason}); {Lost} since the process began. Further losses of this burst show in the metric aisystemspec.runs.lost only.", EventName = "RunRowsLost")]
    public static partial void RunRowsLost(ILogger logger, string reason, long lost);

    [LoggerMessage(3002, LogLevel.Warning, "The run log cannot reach the database; {Waiting} rows wait and are tried again.", EventName = "RunLogAway")]
    public static partial void RunLogAway(ILogger logger, Exception exception, long waiting);

    [LoggerMessage(3003, LogLevel.Information, "The run log writes its rows again.", EventName = "RunLogBack")]
    public static partial void RunLogBack(ILogger logger);

    [LoggerMessage(3004, LogLevel.Error, "A row of the run log was refused where others went in, or its id stands for another row; it is {Fate}.", EventName = "RunRowRefused")]
    public static partial void RunRowRefused(ILogger logger, Exception? exception, string fate);

    [LoggerMessage(3005, LogLevel.Error, "The run log's spool cannot be written; rows wait in memory instead.", EventName = "SpoolFailed")]
    public static partial void SpoolFailed(ILogger logger, Exception exception);

    [LoggerMessage(3006, LogLevel.Error, "{Bytes} bytes of the run log's spool are damaged; they are kept in {File}.", EventName = "SpoolDamaged")]
    public static partial void SpoolDamaged(ILogger logger, long bytes, string file);

    [LoggerMessage(3031, LogLevel.Error, "{Rows} rows are missing in the run log's spool, in {Folder}, file {File}; they are counted as lost.", EventName = "SpoolRowsMissing")]
    public static partial void SpoolRowsMissing(ILogger logger, long rows, string folder, long file);

    [LoggerMessage(3032, LogLevel.Warning, "A folder of the run log's spool is left alone: {Folder}. {Reason}. See aispec spool list.", EventName = "SpoolLeftAlone")]
    public static partial void SpoolLeftAlone(ILogger logger, string folder, string reason);

    [LoggerMessage(3033, LogLevel.Warning, "The run log's folder {Folder} was taken away; rows go on in another, and those of the old one are read while they can be.", EventName = "SpoolGone")]
    public static partial void SpoolGone(ILogger logger, string folder);

    [LoggerMessage(3034, LogLevel.Error, "The file for refused rows of the run log cannot be written; they wait in memory, and the spool keeps its files.", EventName = "SetAsideFailed")]
    public static partial void SetAsideFailed(ILogger logger, Exception exception);

    [LoggerMessage(3007, LogLevel.Information, "The spool of a process that is gone is replayed: {Rows} rows.", EventName = "SpoolTaken")]
    public static partial void SpoolTaken(ILogger logger, long rows);

    [LoggerMessage(3021, LogLevel.Warning, "The database answers, and takes none of the run log's rows; {Waiting} wait and are tried again.", EventName = "RunLogRefused")]
    public static partial void RunLogRefused(ILogger logger, Exception exception, long waiting);

    [LoggerMessage(3022, LogLevel.Error, "The run log meets an error that is neither the database's nor a row's; {Waiting} rows wait and are tried again.", EventName = "RunLogFailed")]
    public static partial void RunLogFailed(ILogger logger, Exception exception, long waiting);

    [LoggerMessage(3023, LogLevel.Error, "A row of the run log meets an error of this program's each time, where others do not: it no longer holds them up.", EventName = "RunRowFailed")]
    public static partial void RunRowFailed(ILogger logger, Exception exception);

    [LoggerMessage(EventId = 3024, Message = "The run log has ended; of its rows {Lost} were lost and {SetAside} set aside in all, and {Spooled} wait in the spool for the next process.", EventName = "RunLogEnded")]
    public static partial void RunLogEnded(ILogger logger, LogLevel level, long lost, long setAside, long spooled);

    [LoggerMessage(3041, LogLevel.Warning, "A run id or a stage's name held a secret. It is stored as [redacted:HASH] in the secret's place, and found by either. Keep secrets out of ids; this is said once.", EventName = "SecretInName")]
    public static partial void SecretInName(ILogger logger);
}
