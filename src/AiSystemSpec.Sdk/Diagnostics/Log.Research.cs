using Microsoft.Extensions.Logging;

namespace AiSystemSpec.Sdk.Diagnostics;

internal static partial class Log
{
    [LoggerMessage(1001, LogLevel.Warning, "The lock of a topic was lost while it was researched. The result is stored all the same; another process may have researched the topic too.")]
    public static partial void TopicLockLost(ILogger logger, Exception? exception);

    [LoggerMessage(1002, LogLevel.Warning, "No lock could be taken for a topic. It is researched without; another process may research it too.")]
    public static partial void TopicLockUnavailable(ILogger logger, Exception exception);

    [LoggerMessage(1003, LogLevel.Warning, "The lock of a topic was not released by another process within {LockWait}. The topic is researched without it.")]
    public static partial void TopicLockTimedOut(ILogger logger, TimeSpan lockWait);

    [LoggerMessage(1004, LogLevel.Error, "Research succeeded, but its result could not be stored. Its callers have it; the next one pays again.")]
    public static partial void ResearchNotStored(ILogger logger, Exception exception);

    [LoggerMessage(1005, LogLevel.Warning, "Research in the background failed.")]
    public static partial void BackgroundResearchFailed(ILogger logger, Exception exception);

    [LoggerMessage(1006, LogLevel.Warning, "{Count} researches were still under way after the shutdown timeout of {Timeout} and were cancelled.")]
    public static partial void ResearchCancelledAtShutdown(ILogger logger, int count, TimeSpan timeout);
}
