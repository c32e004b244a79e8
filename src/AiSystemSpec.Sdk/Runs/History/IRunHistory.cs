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

    /// <summary>
    /// Writes rows as lines of JSON, as <c>row_to_json</c> writes them (UTF-8), oldest first, those without <c>created_at</c> before all. JSON
    /// null and SQL NULL are both null. No connection is held while the stream takes them.
    /// </summary>
    /// <param name="jsonLines">Where the lines go; it stays open.</param>
    /// <param name="filter">Which rows to export; all where null.</param>
    /// <param name="progress">Is told how far it has come, after each block of rows.</param>
    /// <param name="cancellationToken">Cancels the export; what was written stays.</param>
    /// <returns>How many rows were written.</returns>
    /// <exception cref="ArgumentException">The filter cannot be asked.</exception>
    Task<long> ExportAsync(
        Stream jsonLines, RunFilter? filter = null, IProgress<TransferProgress>? progress = null, CancellationToken cancellationToken = default);

    /// <summary>Copies rows out of a file, as they are: any status, no limit of size, nothing redacted; see <see cref="IScriptStore.ImportAsync"/>.</summary>
    /// <param name="rows">The file; it stays open. Names that the table has not are passed over.</param>
    /// <param name="format">How the file holds rows; recognised by its first sign where null.</param>
    /// <param name="progress">Is told how far it has come, after each batch.</param>
    /// <param name="cancellationToken">Cancels the import; what went in stays.</param>
    /// <returns>What became of the rows.</returns>
    /// <exception cref="FormatException">The file is in none of the formats.</exception>
    Task<ImportResult> ImportAsync(
        Stream rows, ImportFormat? format = null, IProgress<TransferProgress>? progress = null, CancellationToken cancellationToken = default);
}
