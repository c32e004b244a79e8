namespace AiSystemSpec.Sdk;

/// <summary>
/// The script history that sessions and operators share. Safe for parallel callers.
/// Consumed, not implemented, by hosts: new members may come in a minor version.
/// </summary>
public interface IScriptStore
{
    /// <summary>The default of <see cref="PageRequest.Limit"/> in <see cref="ListAsync"/>: 50 rows.</summary>
    const int DefaultPageLimit = 50;

    /// <summary>The default limit of <see cref="GetChangesAsync"/>: 100 scripts.</summary>
    const int DefaultChangesLimit = 100;

    /// <summary>
    /// Appends a script to the history. The id is made by the client, so that a retry after a lost connection saves once.
    /// </summary>
    /// <param name="content">The script's body; not blank.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The stored row, with the database's <c>created_at</c>.</returns>
    /// <exception cref="ArgumentException">The content is blank or cannot be stored (<c>\0</c>, lone surrogates).</exception>
    Task<Script> SaveAsync(string content, CancellationToken cancellationToken = default);

    /// <summary>
    /// Appends a script unless the newest one has this content already, letter by letter. All who save so on one database take turns: of two
    /// processes that have the same content, one saves it. <see cref="SaveAsync"/> does not wait for them.
    /// </summary>
    /// <param name="content">The script's body; not blank.</param>
    /// <param name="among">
    /// Among which scripts the newest is looked for, such as those of one episode (<see cref="ScriptFilter.JsonPath"/>); all where null.
    /// </param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The new script, or the one that is there; and which of them. A new one's <c>created_at</c> is the database's clock.</returns>
    /// <exception cref="ArgumentException">The content is blank or cannot be stored, or the filter cannot be asked.</exception>
    Task<SaveScriptResult> SaveIfChangedAsync(string content, ScriptFilter? among = null, CancellationToken cancellationToken = default);

    /// <summary>Gets a script by its id.</summary>
    /// <param name="id">The id.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The script, or null where there is none.</returns>
    Task<Script?> GetAsync(Guid id, CancellationToken cancellationToken = default);

    /// <summary>Deletes a script. Its content is gone from the history; nothing tells other sessions of it.</summary>
    /// <param name="id">The id.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>Whether there was such a script.</returns>
    Task<bool> DeleteAsync(Guid id, CancellationToken cancellationToken = default);

    /// <summary>Gets the newest script.</summary>
    /// <param name="filter">Which scripts to look among; all where null.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The script, or null where there is none.</returns>
    /// <exception cref="ArgumentException">The filter cannot be asked.</exception>
    Task<Script?> GetLatestAsync(ScriptFilter? filter = null, CancellationToken cancellationToken = default);

    /// <summary>Lists scripts, newest first (those without <c>created_at</c> last), by keyset pages.</summary>
    /// <param name="filter">Which scripts to list; all where null.</param>
    /// <param name="page">Which page, and how long: 50 rows by default; the first page where null.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>
    /// The page. Where the filter is about contents, one call looks at 20,000 scripts at most: a page may then be short, or empty, and
    /// still have a <see cref="Page{T}.NextCursor"/> to go on from.
    /// </returns>
    /// <exception cref="ArgumentException">
    /// The cursor is not one of this list's, the limit is out of range, or the filter cannot be asked.
    /// </exception>
    Task<Page<Script>> ListAsync(ScriptFilter? filter = null, PageRequest? page = null, CancellationToken cancellationToken = default);

    /// <summary>
    /// Gets scripts that the reader has not seen, whoever wrote them: one look, for hosts that come by at times of their own. Every script
    /// that was committed arrives at least once, however late it was committed, and a changed one again; deletions are not seen, nor what
    /// row level security hides from the role.
    /// </summary>
    /// <remarks>
    /// The cursor means something as long as the server runs. After a restart, a failover or a restore the next look begins from the
    /// beginning, since PostgreSQL gives transaction ids out again that a crash forgot: deliver by id, so that a script that comes twice
    /// does no harm. With <c>synchronous_commit = off</c> a script may have been delivered that a crash then undid. While another
    /// transaction is open, on any database of the server, a look repeats some of what was saved since it began: the cursor has room for
    /// about 120 runs of transactions.
    /// </remarks>
    /// <param name="cursor">The <see cref="ScriptChanges.Cursor"/> of the look before; from the beginning where null.</param>
    /// <param name="limit">The most scripts to return, 1 to 1,000; 100 by default. Fewer come where they are of many megabytes.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The scripts, the cursor to store, and whether there is more.</returns>
    /// <exception cref="ArgumentException">The cursor is not one of a feed's, or of another database, or the limit is out of range.</exception>
    Task<ScriptChanges> GetChangesAsync(
        string? cursor = null, int limit = DefaultChangesLimit, CancellationToken cancellationToken = default);

    /// <summary>
    /// The same, waiting for more: an enumeration that ends only when it is cancelled, and outlives outages of the database, which are
    /// logged. It looks every <see cref="ScriptWatchOptions.MinPoll"/> while scripts arrive and less often when none do; a script that is
    /// committed more than 30 seconds after its <c>created_at</c> arrives up to 60 seconds later where the table is large. Within one
    /// enumeration nothing comes twice, unless it was changed, or the server began anew. No connection is held between two looks, nor
    /// while the loop's body runs.
    /// </summary>
    /// <param name="cursor">The cursor of the last <see cref="ScriptChange"/> that was dealt with; from the beginning where null.</param>
    /// <param name="options">How to wait; see there for the defaults.</param>
    /// <param name="cancellationToken">Ends the enumeration.</param>
    /// <returns>The scripts, as they come.</returns>
    /// <exception cref="ArgumentException">
    /// The cursor is not one of a feed's, or of another database (said when the loop begins), or an option is out of range.
    /// </exception>
    IAsyncEnumerable<ScriptChange> WatchAsync(
        string? cursor = null, ScriptWatchOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>
    /// Writes scripts as lines of JSON (<c>{"id":…,"content":…,"created_at":…}</c>, UTF-8), oldest first, those without <c>created_at</c>
    /// before all. The database writes each line: no year and no letter is lost. No connection is held while the stream takes them.
    /// </summary>
    /// <param name="jsonLines">Where the lines go; it stays open.</param>
    /// <param name="filter">Which scripts to export; all where null.</param>
    /// <param name="progress">Is told how far it has come, after each block of rows.</param>
    /// <param name="cancellationToken">Cancels the export; what was written stays.</param>
    /// <returns>How many scripts were written.</returns>
    /// <exception cref="ArgumentException">The filter cannot be asked.</exception>
    Task<long> ExportAsync(
        Stream jsonLines, ScriptFilter? filter = null, IProgress<TransferProgress>? progress = null, CancellationToken cancellationToken = default);

    /// <summary>
    /// Copies scripts out of a file, as they are: NULL and blank contents too. The same file can be imported again: what is there stays and is
    /// counted, so that an import that broke off is gone on with by repeating it. A row that cannot be read, or that the database
    /// refuses, is counted with its line, and the rest goes in.
    /// </summary>
    /// <param name="rows">The file; it stays open. Names that the table has not are passed over.</param>
    /// <param name="format">How the file holds rows; recognised by its first sign where null.</param>
    /// <param name="progress">Is told how far it has come, after each batch.</param>
    /// <param name="cancellationToken">Cancels the import; what went in stays.</param>
    /// <returns>What became of the rows.</returns>
    /// <exception cref="FormatException">The file is in none of the formats.</exception>
    Task<ImportResult> ImportAsync(
        Stream rows, ImportFormat? format = null, IProgress<TransferProgress>? progress = null, CancellationToken cancellationToken = default);
}
