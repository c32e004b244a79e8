namespace AiSystemSpec.Sdk;

/// <summary>Deletes rows that the host no longer wants to keep.</summary>
/// <remarks>Safe for parallel callers. Only one purge of a database runs at a time, across all processes.</remarks>
public interface IRetention
{
    /// <summary>Deletes what no rule of the options keeps, oldest first, in batches that are committed one by one.</summary>
    /// <param name="options">What to keep, and how gently to delete the rest. With no rule set, nothing is read or deleted.</param>
    /// <param name="purge">Whether only to count, and whether what is deleted is written to a file first; neither where null.</param>
    /// <param name="cancellationToken">Ends the purge after the batch under way; what was deleted before stays deleted.</param>
    /// <returns>How many rows of each kind were deleted, or would be.</returns>
    /// <remarks>
    /// <para>Ages are judged once, when the purge begins, by the database's clock. A row that another transaction has locked or has
    /// changed since is left for the next purge.</para>
    /// <para>
    /// A row that the server refuses to delete, such as one that another table's foreign key refers to, is left and counted in
    /// <see cref="RetentionResult.Skipped"/>; the rest goes on. To find it, its batch is halved, so it costs some statements.
    /// </para>
    /// <para>Rows of run logs take their costs and tokens with them: reports and budgets over that time no longer know of them.</para>
    /// <para>A purge uses two connections at a time: one of them holds the lock that keeps other purges out. A dry run uses one and no
    /// lock.</para>
    /// </remarks>
    /// <exception cref="ArgumentException">The options contradict themselves; the message names property and remedy.</exception>
    /// <exception cref="IOException">There is such a file already, or it cannot be made; nothing was deleted.</exception>
    /// <exception cref="RetentionException">
    /// A table refused every row (a right or a replica identity is missing), after the other tables were purged; or the purge ended in
    /// the middle. Its result says what was deleted, its inner exception is the server's, or the disk's.
    /// </exception>
    Task<RetentionResult> PurgeAsync(RetentionOptions options, PurgeOptions? purge = null, CancellationToken cancellationToken = default);
}
