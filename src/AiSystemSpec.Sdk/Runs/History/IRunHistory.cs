namespace AiSystemSpec.Sdk;

/// <summary>
/// Reads <c>pipeline_runs</c>, whoever wrote them. Safe for parallel callers.
/// Consumed, not implemented, by hosts: new members may come in a minor version.
/// </summary>
/// <remarks>
/// A run is found by every spelling that is in use: <c>run_id</c> is the id itself, <c>run_id</c> is <c>id:stage:attempt</c>,
/// or <c>input_refs.root_run_id</c> is the id. An id that <see cref="IRunLogger"/> stores otherwise (a secret in it redacted, more than 2
/// KB cut) is found by either form. An id of the form <c>root:stage:attempt</c> finds its whole run too.
/// </remarks>
public interface IRunHistory
{
    /// <summary>The default of <see cref="PageRequest.Limit"/> in <see cref="QueryAsync"/>: 100 rows.</summary>
    const int DefaultPageLimit = 100;

    /// <summary>Gets all rows of a run.</summary>
    /// <param name="runId">The run's id, in any of its spellings.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The run's rows, oldest first, or null where there are none.</returns>
    /// <exception cref="ArgumentException">The id is blank or cannot be stored.</exception>
    Task<RunTimeline?> GetRunAsync(string runId, CancellationToken cancellationToken = default);

    /// <summary>Lists rows, newest first (those without <c>created_at</c> last), by keyset pages.</summary>
    /// <param name="filter">Which rows to list.</param>
    /// <param name="page">Which page, and how long: 100 rows by default; the first page where null.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The page.</returns>
    /// <exception cref="ArgumentException">
    /// The cursor is not one of this list's, the limit is out of range, or the filter cannot be asked.
    /// </exception>
    Task<Page<PipelineRun>> QueryAsync(RunFilter filter, PageRequest? page = null, CancellationToken cancellationToken = default);

    /// <summary>
    /// Gets the stages of a run that are done, so that it can be resumed: those whose newest row is <c>success</c> or <c>skipped</c>.
    /// </summary>
    /// <param name="runId">The run's id, in any of its spellings.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The names of the stages, compared ordinally; empty where the run is unknown.</returns>
    /// <exception cref="ArgumentException">The id is blank or cannot be stored.</exception>
    Task<IReadOnlySet<string>> GetCompletedStagesAsync(string runId, CancellationToken cancellationToken = default);

    /// <summary>
    /// Deletes all rows of a run: those that <see cref="GetRunAsync"/> finds. Rows that still wait in a host's queue or spool are written
    /// afterwards.
    /// </summary>
    /// <param name="runId">The run's id, in any of its spellings.</param>
    /// <param name="cancellationToken">Cancels the call; nothing is deleted then.</param>
    /// <returns>How many rows were deleted.</returns>
    /// <remarks>Their costs and tokens go with them: reports over that time no longer know of them.</remarks>
    /// <exception cref="ArgumentException">The id is blank or cannot be stored.</exception>
    Task<int> DeleteRunAsync(string runId, CancellationToken cancellationToken = default);
}
