namespace AiSystemSpec.Sdk;

/// <summary>Deletes rows that the host no longer wants to keep.</summary>
/// <remarks>Safe for parallel callers. Only one purge of a database runs at a time, across all processes.</remarks>
public interface IRetention
{
    /// <summary>Deletes what no rule of the options keeps, oldest first, in batches that are committed one by one.</summary>
    /// <param name="options">What to keep, and how gently to delete the rest. With no rule set, nothing is read or deleted.</param>
    /// <param name="dryRun">Whether only to count, at this moment, the rows that would be deleted.</param>
    /// <param name="cancellationToken">Ends the purge after the batch under way; what was deleted before stays deleted.</param>
    /// <returns>How many rows of each kind were deleted, or would be.</returns>
    /// <remarks>
    /// <para>Ages are judged once, when the purge begins, by the database's clock. A row that another transaction has locked or has changed since is left for the next purge.</para>
    /// <para>
    /// A row that the server refuses to delete, such as one that another table's foreign key refers to, is left and counted in <see cref="RetentionResult.Skipped"/>;
    /// the rest goes on. To find it, its batch is halved, so it costs some statements.
    /// </para>
    /// <para>Rows of run logs take their costs and tokens with them: reports and budgets over that time no longer know of them.</para>
    /// <para>A purge uses two connections at a time: one of them holds the lock that keeps other purges out. A dry run uses one and no lock.</para>
    /// </remarks>
    /// <exception cref="ArgumentException">The options contradict themselves; the message names property and remedy.</exception>
    /// <exception cref="RetentionException">
    /// A table refused every row (a right or a replica identity is missing), after the other tables were purged; or the purge ended in the middle. Its result says what was deleted,
    /// its inner exception is the server's.
    /// </exception>
    Task<RetentionResult> PurgeAsync(RetentionOptions options, bool dryRun = false, CancellationToken cancellationToken = default);

    /// <summary>As <see cref="PurgeAsync"/>, and writes each row to a file before it is deleted.</summary>
    /// <param name="options">What to keep, and how gently to delete the rest.</param>
    /// <param name="exportFile">
    /// The path of the file, which must not exist yet: UTF-8, an object <c>{"table":…,"row":…}</c> a line, the row as <c>row_to_json</c> writes it. Only its owner may read it.
    /// </param>
    /// <param name="cancellationToken">Ends the purge after the batch under way; what was deleted before stays deleted, and is in the file.</param>
    /// <returns>How many rows of each kind were deleted, all of them in the file.</returns>
    /// <remarks>
    /// A batch is on the disk before its transaction commits, and is taken back where it does not. Where the process is killed, or the server never answers again,
    /// the last batch may be in the file and in the database. No file is left where nothing was deleted.
    /// </remarks>
    /// <exception cref="ArgumentException">The options contradict themselves, or the path is blank.</exception>
    /// <exception cref="IOException">There is such a file, or it cannot be made; nothing was deleted.</exception>
    /// <exception cref="RetentionException">As in <see cref="PurgeAsync"/>; the disk may be full, too.</exception>
    Task<RetentionResult> PurgeToFileAsync(RetentionOptions options, string exportFile, CancellationToken cancellationToken = default);
}
