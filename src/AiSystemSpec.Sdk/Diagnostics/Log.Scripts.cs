using Microsoft.Extensions.Logging;

namespace AiSystemSpec.Sdk.Diagnostics;

/// <summary>Messages of the script history.</summary>
internal static partial class Log
{
    [LoggerMessage(2001, LogLevel.Warning, "Scripts cannot be looked for; the watch goes on trying. Nothing is passed over meanwhile.", EventName = "FeedAway")]
    public static partial void FeedAway(ILogger logger, Exception exception);

    [LoggerMessage(2002, LogLevel.Information, "Scripts are looked for again.", EventName = "FeedBack")]
    public static partial void FeedBack(ILogger logger);

    [LoggerMessage(2003, LogLevel.Warning, "The server of the database {Database} has begun anew since the cursor was handed out (a restart, a failover, a restore): scripts are delivered from the beginning again, since the order of commits before and after cannot be compared.", EventName = "FeedBegunAnew")]
    public static partial void FeedBegunAnew(ILogger logger, string database);

    [LoggerMessage(2004, LogLevel.Warning, "The table of scripts does not show PostgreSQL's transactions (a view, a foreign or distributed table, another access method): scripts are looked for by created_at, 60 seconds back. One that is committed later than that can be missed.", EventName = "FeedByTime")]
    public static partial void FeedByTime(ILogger logger);

    [LoggerMessage(2005, LogLevel.Warning, "A transaction has been open on the server for {Minutes} minutes or more. No script is missed, but whoever goes on from a cursor may get again what was saved since it began. Look for it in pg_stat_activity and pg_prepared_xacts.", EventName = "FeedWindowIsOld")]
    public static partial void FeedWindowIsOld(ILogger logger, int minutes);
}
