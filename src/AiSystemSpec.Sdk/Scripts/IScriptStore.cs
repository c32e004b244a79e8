namespace AiSystemSpec.Sdk;

/// <summary>
/// The script history that sessions and operators share. Safe for parallel callers.
/// Consumed, not implemented, by hosts: new members may come in a minor version.
/// </summary>
public interface IScriptStore
{
    /// <summary>The default of <see cref="PageRequest.Limit"/> in <see cref="ListAsync"/>: 50 rows.</summary>
    const int DefaultPageLimit = 50;

    /// <summary>
    /// Appends a script to the history. The id is made by the client, so that a retry after a lost connection saves once.
    /// </summary>
    /// <param name="content">The script's body; not blank.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The stored row, with the database's <c>created_at</c>.</returns>
    /// <exception cref="ArgumentException">The content is blank or cannot be stored (<c>\0</c>, lone surrogates).</exception>
    Task<Script> SaveAsync(string content, CancellationToken cancellationToken = default);

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
    /// The page. Where <see cref="ScriptFilter.JsonPath"/> is set, one call looks into 20,000 scripts at most: a page may then be short,
    /// or empty, and still have a <see cref="Page{T}.NextCursor"/> to go on from.
    /// </returns>
    /// <exception cref="ArgumentException">
    /// The cursor is not one of this list's, the limit is out of range, or the filter cannot be asked.
    /// </exception>
    Task<Page<Script>> ListAsync(ScriptFilter? filter = null, PageRequest? page = null, CancellationToken cancellationToken = default);
}
