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
    /// <para>A purge uses two connections at a time: one of them holds the lock that keeps other purges out. A dry run uses one and no lock.</para>
    /// </remarks>
    /// <exception cref="ArgumentException">The options contradict themselves; the message names property and remedy.</exception>
    Task<RetentionResult> PurgeAsync(RetentionOptions options, bool dryRun = false, CancellationToken cancellationToken = default);
}
