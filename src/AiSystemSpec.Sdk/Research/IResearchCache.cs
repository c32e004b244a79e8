namespace AiSystemSpec.Sdk;

/// <summary>
/// The Context Cache: research by topic, so that no topic is researched twice within the freshness window, and system events.
/// Safe for parallel callers. Consumed, not implemented, by hosts: new members may come in a minor version.
/// </summary>
/// <remarks>
/// <para>An entry is fresh while <c>created_at &gt; now() - maxAge</c> on the database's clock: exactly as old as <c>maxAge</c> is stale,
/// and a row without <c>created_at</c> is never fresh. The newest row of a topic decides
/// (<c>created_at DESC NULLS LAST, id DESC</c>): if its content is blank the topic is a miss, and an older row never steps in.</para>
/// <para>A topic is compared as a whole, after <see cref="AiSystemSpecOptions.TopicNormalizer"/>. The reserved topic
/// <see cref="ResearchEntry.SystemTopic"/> throws <see cref="ArgumentException"/> in every member that takes a topic;
/// so do blank topics and texts that PostgreSQL cannot hold (<c>\0</c>, lone surrogates), before anything is sent.</para>
/// <para>Two spellings are one topic only where every byte is the same, whatever the column's collation says.</para>
/// <para>On a database with a UNIQUE index on topic, storing refreshes the one row instead of appending: such a topic has no history,
/// and the newest system event replaces the one before. With further columns in the index, the row that is the same in all of them is
/// refreshed.</para>
/// </remarks>
public interface IResearchCache
{
    /// <summary>Gets the topic's newest entry if it is fresh.</summary>
    /// <param name="topic">The topic.</param>
    /// <param name="maxAge">
    /// How old the entry may be, more than zero; <see cref="AiSystemSpecOptions.MaxAge"/> (7 days) by default. One that reaches before
    /// year 1 means any age.
    /// </param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The entry, or null where the topic must be researched.</returns>
    /// <exception cref="ArgumentException">The topic is blank, reserved, or cannot be stored.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxAge"/> is zero or negative.</exception>
    ValueTask<ResearchEntry?> GetFreshAsync(string topic, TimeSpan? maxAge = null, CancellationToken cancellationToken = default);

    /// <summary>Gets the newest entries of many topics, those that are fresh, in one round trip.</summary>
    /// <param name="topics">The topics; repeated ones are asked once.</param>
    /// <param name="maxAge">How old an entry may be, as in the other overload.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The entries by the caller's spelling of their topic, compared ordinally; topics without a fresh entry are absent.</returns>
    /// <exception cref="ArgumentException">One of the topics is blank, reserved, or cannot be stored.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxAge"/> is zero or negative.</exception>
    Task<IReadOnlyDictionary<string, ResearchEntry>> GetFreshAsync(IReadOnlyCollection<string> topics, TimeSpan? maxAge = null, CancellationToken cancellationToken = default);

    /// <summary>Gets the topic's newest entry, of any age, blank or not.</summary>
    /// <param name="topic">The topic.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The entry, or null where the topic was never researched.</returns>
    /// <exception cref="ArgumentException">The topic is blank, reserved, or cannot be stored.</exception>
    Task<ResearchEntry?> GetLatestAsync(string topic, CancellationToken cancellationToken = default);

    /// <summary>
    /// Stores research as the topic's newest entry. The id is made by the client, so that a retry after a lost connection stores once.
    /// </summary>
    /// <param name="topic">The topic.</param>
    /// <param name="content">What was found; not blank, since blank content would count as a miss.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The stored row, with the database's <c>created_at</c>.</returns>
    /// <exception cref="ArgumentException">The topic is blank or reserved, or the content blank, or either cannot be stored.</exception>
    /// <exception cref="InvalidOperationException">
    /// The table kept no row: a trigger, a rule or an index that is not the schema's refused it, and is named.
    /// </exception>
    Task<ResearchEntry> SaveAsync(string topic, string content, CancellationToken cancellationToken = default);

    /// <summary>Stores research of many topics, each as its topic's newest entry, in few round trips.</summary>
    /// <param name="contents">What was found, by topic; not blank.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The stored rows by the caller's spelling of their topic, compared ordinally.</returns>
    /// <remarks>
    /// Each entry is stored for itself: where one cannot be, the call throws, and others may be stored. Saving them all again does no
    /// harm but to the history.
    /// </remarks>
    /// <exception cref="ArgumentException">
    /// One of the topics or contents is blank, reserved, or cannot be stored; nothing is sent then.
    /// </exception>
    /// <exception cref="InvalidOperationException">The table kept no row of one of the entries: what refused it is named.</exception>
    Task<IReadOnlyDictionary<string, ResearchEntry>> SaveAsync(IReadOnlyDictionary<string, string> contents, CancellationToken cancellationToken = default);

    /// <summary>
    /// Gets the topic's fresh entry, or researches and stores it. Callers that ask for the same topic at the same time share one research.
    /// </summary>
    /// <param name="topic">The topic.</param>
    /// <param name="research">
    /// Does the research; its token is cancelled when no caller waits any longer and at shutdown. It may ask for other topics, and hands
    /// its token on where work leaves its execution context. It may run after the caller has gone
    /// (<see cref="ResearchOptions.SoftTimeout"/>, <see cref="ResearchOptions.EagerRefreshAt"/>, a caller that was cancelled while others
    /// wait).
    /// </param>
    /// <param name="options">What this call asks for; the defaults of <see cref="AiSystemSpecOptions"/> where null.</param>
    /// <param name="cancellationToken">Cancels this caller only, never the others who wait for the same research.</param>
    /// <returns>The entry and how it was come by.</returns>
    /// <exception cref="ArgumentException">The topic is blank, reserved, or cannot be stored, or an option is out of range.</exception>
    /// <exception cref="EmptyResearchException">The research came back blank; nothing was stored.</exception>
    /// <exception cref="InvalidOperationException">
    /// The research of this topic waits for the one that asks here, at once or through others: the wait would never end.
    /// </exception>
    /// <exception cref="TimeoutException">
    /// Several researches of the topic are under way, and none ended within <see cref="ResearchOptions.LockWait"/>.
    /// </exception>
    ValueTask<ResearchResult> GetOrResearchAsync(string topic, Func<ResearchContext, CancellationToken, Task<string>> research, ResearchOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>
    /// Lists all entries of a topic, newest first. Reads keyset pages: no connection is held while the caller's loop body runs.
    /// </summary>
    /// <param name="topic">The topic.</param>
    /// <param name="cancellationToken">Cancels the listing.</param>
    /// <returns>The entries; those without <c>created_at</c> come last.</returns>
    /// <exception cref="ArgumentException">The topic is blank, reserved, or cannot be stored.</exception>
    IAsyncEnumerable<ResearchEntry> GetHistoryAsync(string topic, CancellationToken cancellationToken = default);

    /// <summary>Removes all entries of a topic.</summary>
    /// <param name="topic">The topic.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The number of rows removed.</returns>
    /// <exception cref="ArgumentException">The topic is blank, reserved, or cannot be stored.</exception>
    Task<int> RemoveAsync(string topic, CancellationToken cancellationToken = default);

    /// <summary>Writes a system event, such as <c>System Boot</c>, under the reserved topic.</summary>
    /// <param name="message">The event's text; not blank.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The stored row.</returns>
    /// <exception cref="ArgumentException">The message is blank or cannot be stored.</exception>
    Task<ResearchEntry> WriteSystemEventAsync(string message, CancellationToken cancellationToken = default);

    /// <summary>Lists system events, newest first. Reads keyset pages: no connection is held while the caller's loop body runs.</summary>
    /// <param name="since">Only events at or after this moment; all, those without <c>created_at</c> included, where null.</param>
    /// <param name="cancellationToken">Cancels the listing.</param>
    /// <returns>The events.</returns>
    IAsyncEnumerable<ResearchEntry> GetSystemEventsAsync(DateTimeOffset? since = null, CancellationToken cancellationToken = default);

    /// <summary>
    /// Writes all entries, history and system events included, as lines of JSON
    /// (<c>{"id":…,"topic":…,"content":…,"created_at":…}</c>, UTF-8), oldest first, those without <c>created_at</c> before all. No connection is
    /// held while the stream takes them.
    /// </summary>
    /// <param name="jsonLines">Where the lines go; it stays open.</param>
    /// <param name="progress">Is told how far it has come, after each block of rows.</param>
    /// <param name="cancellationToken">Cancels the export; what was written stays.</param>
    /// <returns>How many entries were written.</returns>
    Task<long> ExportAsync(Stream jsonLines, IProgress<TransferProgress>? progress = null, CancellationToken cancellationToken = default);

    /// <summary>Copies entries out of a file, as they are: of any age and topic. Where <c>topic</c> is UNIQUE, an entry of a topic that is there fails; see <see cref="IScriptStore.ImportAsync"/>.</summary>
    /// <param name="rows">The file; it stays open. Names that the table has not are passed over.</param>
    /// <param name="format">How the file holds rows; recognised by its first sign where null.</param>
    /// <param name="progress">Is told how far it has come, after each batch.</param>
    /// <param name="cancellationToken">Cancels the import; what went in stays.</param>
    /// <returns>What became of the rows.</returns>
    /// <exception cref="FormatException">The file is in none of the formats.</exception>
    Task<ImportResult> ImportAsync(
        Stream rows, ImportFormat? format = null, IProgress<TransferProgress>? progress = null, CancellationToken cancellationToken = default);
}
