using Microsoft.Extensions.Logging;

namespace AiSystemSpec.Sdk.Diagnostics;

internal static partial class Log
{
    [LoggerMessage(1001, LogLevel.Warning, "The lock of a topic was lost while it was researched. The result is stored all the same; another process may have researched the topic too. Where this comes again, look for what ends open transactions: idle_transaction_timeout or transaction_timeout of a pooler, a restart, a network.")]
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

    [LoggerMessage(1007, LogLevel.Warning, "A callback that the host registered on the token of a research threw an exception when the research was cancelled.")]
    public static partial void CancellationCallbackFailed(ILogger logger, Exception exception);

    [LoggerMessage(1008, LogLevel.Warning, "An entry that was just stored has {Moment} as its created_at, by the database's clock: it may never count as fresh, and each call pays. The default of created_at is {Default}, the schema's is now(); on the table there is {Refusers}.")]
    public static partial void StoredEntryHasOtherMoment(ILogger logger, string moment, string @default, string refusers);

    [LoggerMessage(1009, LogLevel.Warning, "An entry was stored under another topic than the one given: it is not found again, and each call pays. On the table there is {Refusers}. Give AiSystemSpecOptions.TopicNormalizer the same rule, or let the table keep topics as they are.")]
    public static partial void StoredEntryHasOtherTopic(ILogger logger, string refusers);

    [LoggerMessage(1010, LogLevel.Warning, "An entry was stored with another content than the one given, which later calls are served. On the table there is {Refusers}.")]
    public static partial void StoredEntryHasOtherContent(ILogger logger, string refusers);

    [LoggerMessage(1011, LogLevel.Warning, "This process runs without globalization data (InvariantGlobalization), where nothing can be brought into a Unicode normalization form: composed and decomposed letters make two topics, and each is paid for. Hand over topics in form C, or give the process ICU.")]
    public static partial void TopicNotComposed(ILogger logger);
}
