using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;

namespace AiSystemSpec.Sdk;

/// <summary>
/// Writes <c>pipeline_runs</c>: one row for each attempt at a stage. Safe for parallel callers.
/// Consumed, not implemented, by hosts: new members may come in a minor version.
/// </summary>
/// <remarks>
/// Two ways in. <see cref="WriteAsync"/> has committed when it returns. <see cref="Enqueue"/>, scopes,
/// <see cref="RunStageAsync(string, string, Func{StageScope, CancellationToken, Task}, StageOptions?, CancellationToken)"/> and
/// <see cref="Skip"/> hand the row over to a background writer: they never wait for storage and never throw for it. In both, secrets of
/// the well-known forms and under well-known names are redacted (<see cref="RunLogOptions.Redactions"/> adds to them); in a run's id or a
/// stage's name a secret becomes <c>[redacted:HASH]</c> with the first 8 hexadecimal digits of its SHA-256, so that two never become one,
/// and readers map what they are asked for alike. An error summary, a run's id and a stage's name are cut at 2 KB of UTF-8, the last two
/// with a mark of their own, and JSON above 64 KB is replaced by <c>{"_cut":true,"_bytes":N}</c> (of metrics the known keys stay). Text
/// that cannot be stored is refused by <see cref="WriteAsync"/> and replaced in the background. The row of a stage is handed over when it
/// ends: a process that is killed leaves none for a stage that is under way, and one that is shut down leaves a <c>failure</c> whose
/// metrics say <c>cancelled</c>: true, where the stage heeds its token. A contract error (no run id, no stage, a status other than the
/// four, an attempt below 1) throws in both, before anything is sent.
/// </remarks>
public interface IRunLogger
{
    /// <summary>Writes one row.</summary>
    /// <param name="entry">The row. It is not changed; its id is assigned here unless it has one.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The row as it was committed.</returns>
    /// <exception cref="ArgumentException">The entry breaks the contract, or its text or JSON cannot be stored.</exception>
    /// <exception cref="InvalidOperationException">The table has a row with the entry's id and other content.</exception>
    Task<PipelineRun> WriteAsync(RunLogEntry entry, CancellationToken cancellationToken = default);

    /// <summary>Hands one row over to the background writer. Refs and metrics are copied: changing them afterwards has no effect.</summary>
    /// <param name="entry">The row. It is not changed; its id is assigned here unless it has one.</param>
    /// <exception cref="ArgumentException">The entry breaks the contract.</exception>
    void Enqueue(RunLogEntry entry);

    /// <summary>Begins to measure one attempt at a stage; the row is handed over when the scope is disposed.</summary>
    /// <param name="runId">The run's stable identifier.</param>
    /// <param name="stage">The stage's name.</param>
    /// <param name="inputRefs">References to inputs; copied.</param>
    /// <param name="attempt">The attempt's number, from 1.</param>
    /// <returns>The scope.</returns>
    /// <exception cref="ArgumentException">The run id or stage is blank, or the attempt below 1.</exception>
    StageScope BeginStage(string runId, string stage, JsonNode? inputRefs = null, int attempt = 1);

    /// <summary>
    /// Runs a stage with retries and hands over a row for each attempt: <c>retry</c> for one that is tried again, then <c>success</c> or
    /// <c>failure</c>.
    /// </summary>
    /// <typeparam name="T">The stage's result.</typeparam>
    /// <param name="runId">The run's stable identifier.</param>
    /// <param name="stage">The stage's name.</param>
    /// <param name="body">The stage's work.</param>
    /// <param name="options">How often to try and how long to wait between; one attempt where null.</param>
    /// <param name="cancellationToken">Cancels the stage; its row is a <c>failure</c> whose metrics say <c>cancelled</c>: true.</param>
    /// <returns>What the body returned.</returns>
    /// <exception cref="ArgumentException">The run id or stage is blank, or an option is out of range.</exception>
    Task<T> RunStageAsync<T>(string runId, string stage, Func<StageScope, CancellationToken, Task<T>> body, StageOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>
    /// Runs a stage that has no result, as
    /// <see cref="RunStageAsync{T}(string, string, Func{StageScope, CancellationToken, Task{T}}, StageOptions?, CancellationToken)"/>
    /// does.
    /// </summary>
    /// <param name="runId">The run's stable identifier.</param>
    /// <param name="stage">The stage's name.</param>
    /// <param name="body">The stage's work.</param>
    /// <param name="options">How often to try and how long to wait between; one attempt where null.</param>
    /// <param name="cancellationToken">Cancels the stage; its row is a <c>failure</c> whose metrics say <c>cancelled</c>: true.</param>
    /// <returns>A task that ends with the stage.</returns>
    /// <exception cref="ArgumentException">The run id or stage is blank, or an option is out of range.</exception>
    Task RunStageAsync(string runId, string stage, Func<StageScope, CancellationToken, Task> body, StageOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>
    /// The same for work that returns a <see cref="ValueTask{TResult}"/>, such as a call of
    /// <see cref="IResearchCache.GetOrResearchAsync"/>.
    /// </summary>
    /// <typeparam name="T">The stage's result.</typeparam>
    /// <param name="runId">The run's stable identifier.</param>
    /// <param name="stage">The stage's name.</param>
    /// <param name="body">The stage's work.</param>
    /// <param name="options">How often to try and how long to wait between; one attempt where null.</param>
    /// <param name="cancellationToken">Cancels the stage; its row is a <c>failure</c> whose metrics say <c>cancelled</c>: true.</param>
    /// <returns>What the body returned.</returns>
    /// <exception cref="ArgumentException">The run id or stage is blank, or an option is out of range.</exception>
    [OverloadResolutionPriority(-1)] // an async lambda fits both, and a Task costs less here
    Task<T> RunStageAsync<T>(string runId, string stage, Func<StageScope, CancellationToken, ValueTask<T>> body, StageOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>The same for work without a result that returns a <see cref="ValueTask"/>.</summary>
    /// <param name="runId">The run's stable identifier.</param>
    /// <param name="stage">The stage's name.</param>
    /// <param name="body">The stage's work.</param>
    /// <param name="options">How often to try and how long to wait between; one attempt where null.</param>
    /// <param name="cancellationToken">Cancels the stage; its row is a <c>failure</c> whose metrics say <c>cancelled</c>: true.</param>
    /// <returns>A task that ends with the stage.</returns>
    /// <exception cref="ArgumentException">The run id or stage is blank, or an option is out of range.</exception>
    [OverloadResolutionPriority(-1)]
    Task RunStageAsync(string runId, string stage, Func<StageScope, CancellationToken, ValueTask> body, StageOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>Hands over a row for a stage that had nothing to do, or was not wanted: status <c>skipped</c>.</summary>
    /// <param name="runId">The run's stable identifier.</param>
    /// <param name="stage">The stage's name.</param>
    /// <param name="options">What the row says beside; nothing where null.</param>
    /// <exception cref="ArgumentException">The run id or stage is blank.</exception>
    void Skip(string runId, string stage, SkipOptions? options = null);

    /// <summary>
    /// Waits until every row that was handed over before is written, set aside or counted as lost. With a spool it does not wait for a
    /// database that is away, or takes no rows.
    /// </summary>
    /// <param name="cancellationToken">Stops waiting; the rows stay where they are.</param>
    /// <returns>The counts since the process began.</returns>
    Task<FlushResult> FlushAsync(CancellationToken cancellationToken = default);
}
