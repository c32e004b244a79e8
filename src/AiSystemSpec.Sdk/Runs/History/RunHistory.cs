using System.Text.RegularExpressions;
using AiSystemSpec.Sdk.Connections;
using AiSystemSpec.Sdk.Paging;
using AiSystemSpec.Sdk.Runs.Content;
using AiSystemSpec.Sdk.Runs.Secrets;
using AiSystemSpec.Sdk.Text;
using AiSystemSpec.Sdk.Transfer;
using AiSystemSpec.Sdk.Transfer.Exporting;
using AiSystemSpec.Sdk.Transfer.Importing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;

namespace AiSystemSpec.Sdk.Runs.History;

/// <summary>Reads run rows over the EF model; a run by all spellings of its id.</summary>
internal sealed class RunHistory(Database database, IEnumerable<Regex> redactions) : IRunHistory
{
    private readonly SafeNames _names = new(new Redactor(redactions), NullLogger.Instance);

    public async Task<RunTimeline?> GetRunAsync(string runId, CancellationToken cancellationToken = default)
    {
        StoredText.ThrowIfBlankOrInvalid(runId, nameof(runId));
        var (root, rows) = await database.QueryAsync(ReadRunAsync, runId, cancellationToken).ConfigureAwait(false);
        return rows.Count == 0 ? null : new RunTimeline { RunId = root, Rows = rows };
    }

    public async Task<Page<PipelineRun>> QueryAsync(
        RunFilter filter, PageRequest? page = null, CancellationToken cancellationToken = default)
    {
        ThrowIfInvalid(filter);
        var (after, limit) = KeysetQuery.Read(page, KeysetList.PipelineRuns, IRunHistory.DefaultPageLimit, nameof(page));
        var rows = await database.QueryAsync(
            static async (context, state, token) =>
            {
                var source = await state.self.FilterAsync(context, state.filter, token).ConfigureAwait(false);
                return await KeysetQuery.TakeAsync(source, state.after, state.count, token).ConfigureAwait(false);
            },
            (self: this, filter, after, count: limit + 1),
            cancellationToken).ConfigureAwait(false);
        return KeysetQuery.ToPage(rows, limit, KeysetList.PipelineRuns);
    }

    public async Task<IReadOnlySet<string>> GetCompletedStagesAsync(string runId, CancellationToken cancellationToken = default)
    {
        StoredText.ThrowIfBlankOrInvalid(runId, nameof(runId));
        var rows = await database.QueryAsync(ReadStagesAsync, runId, cancellationToken).ConfigureAwait(false);
        return rows
            .GroupBy(row => row.Stage, StringComparer.Ordinal)
            .Where(stage => IsDone(Newest(stage).Status))
            .Select(stage => stage.Key)
            .ToHashSet(StringComparer.Ordinal);
    }

    public Task<int> DeleteRunAsync(string runId, CancellationToken cancellationToken = default)
    {
        StoredText.ThrowIfBlankOrInvalid(runId, nameof(runId));
        return database.QueryAsync(
            async (context, id, token) =>
            {
                var root = await FindRootAsync(context, id, token).ConfigureAwait(false);
                return await context.Database.ExecuteSqlAsync(RunIdSpelling.Delete(root), token).ConfigureAwait(false);
            },
            runId,
            cancellationToken).AsTask();
    }

    public Task<long> ExportAsync(
        Stream jsonLines, RunFilter? filter = null, IProgress<TransferProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(jsonLines);
        filter ??= new RunFilter();
        ThrowIfInvalid(filter);
        var export = new RowExport<PipelineRun>(database, TransferTable.OfRuns, progress) { Source = (context, token) => FilterAsync(context, filter, token) };
        return export.RunAsync(jsonLines, cancellationToken);
    }

    public Task<ImportResult> ImportAsync(
        Stream rows, ImportFormat? format = null, IProgress<TransferProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(rows);
        return new RowImport(database, TransferTable.OfRuns, progress).RunAsync(rows, format, cancellationToken);
    }

    /// <summary>The last row of those that state a moment; rows without one are older than all others.</summary>
    private static StageRow Newest(IEnumerable<StageRow> oldestFirst)
    {
        var rows = oldestFirst.ToList();
        return rows.FindLast(row => row.IsDated) ?? rows[^1];
    }

    private static bool IsDone(RunStatus? status) => status == RunStatus.Success || status == RunStatus.Skipped;

    // Only what is needed: the references and metrics of a long run are large.
    private async Task<List<StageRow>> ReadStagesAsync(AiSystemSpecDbContext context, string runId, CancellationToken cancellationToken)
    {
        var root = await FindRootAsync(context, runId, cancellationToken).ConfigureAwait(false);
        return await context.PipelineRuns.FromSql(RunIdSpelling.Rows(root)).Where(row => row.Stage != null)
            .OrderBy(row => row.CreatedAt).ThenBy(row => row.Id)
            .Select(row => new StageRow(row.Stage!, row.Status, row.CreatedAt != null))
            .ToListAsync(cancellationToken).ConfigureAwait(false);
    }

    private async Task<(string Root, List<PipelineRun> Rows)> ReadRunAsync(AiSystemSpecDbContext context, string runId, CancellationToken cancellationToken)
    {
        var root = await FindRootAsync(context, runId, cancellationToken).ConfigureAwait(false);
        var rows = await context.PipelineRuns.FromSql(RunIdSpelling.Rows(root)).AsNoTracking()
            .OrderBy(row => row.CreatedAt).ThenBy(row => row.Id)
            .ToListAsync(cancellationToken).ConfigureAwait(false);
        return (root, rows);
    }

    private async Task<string> FindRootAsync(AiSystemSpecDbContext context, string runId, CancellationToken cancellationToken)
    {
        runId = await FindStoredAsync(context, runId, cancellationToken).ConfigureAwait(false);
        if (!RunIdSpelling.MayHaveRoot(runId))
        {
            return runId;
        }

        var stages = await context.Database.SqlQuery<string>(RunIdSpelling.Stages(runId)).ToListAsync(cancellationToken).ConfigureAwait(false);
        return stages.Select(stage => RunIdSpelling.RootOf(runId, stage)).FirstOrDefault(root => root is not null) ?? runId;
    }

    /// <summary>The id as the SDK stores it. Other programs cut no long ones: such an id is itself where no row has it cut.</summary>
    private async Task<string> FindStoredAsync(AiSystemSpecDbContext context, string runId, CancellationToken cancellationToken)
    {
        var stored = _names.Map(runId, out var isRedacted);
        return isRedacted || string.Equals(stored, runId, StringComparison.Ordinal)
            || await context.PipelineRuns.FromSql(RunIdSpelling.Rows(stored)).AnyAsync(cancellationToken).ConfigureAwait(false)
            ? stored
            : runId;
    }

    private async Task<IQueryable<PipelineRun>> FilterAsync(
        AiSystemSpecDbContext context, RunFilter filter, CancellationToken cancellationToken)
    {
        IQueryable<PipelineRun> rows = context.PipelineRuns;
        if (filter.RunId is { } runId)
        {
            var root = await FindRootAsync(context, runId, cancellationToken).ConfigureAwait(false);
            rows = context.PipelineRuns.FromSql(RunIdSpelling.Rows(root));
        }

        if (filter.Stage is { } asked)
        {
            var stage = _names.Map(asked, out _);
            rows = rows.Where(row => row.Stage == stage);
        }

        if (filter.Status is { } status)
        {
            rows = rows.Where(row => row.Status == status);
        }

        if (filter.From is { } from)
        {
            rows = rows.Where(row => row.CreatedAt >= from);
        }

        if (filter.To is { } to)
        {
            rows = rows.Where(row => row.CreatedAt < to);
        }

        return rows.AsNoTracking();
    }

    private static void ThrowIfInvalid(RunFilter filter)
    {
        ArgumentNullException.ThrowIfNull(filter);
        if (filter.RunId is not null)
        {
            StoredText.ThrowIfBlankOrInvalid(filter.RunId, nameof(filter));
        }

        StoredText.ThrowIfInvalid(filter.Stage, nameof(filter));
        StoredText.ThrowIfInvalid(filter.Status?.Value, nameof(filter));
    }

    private sealed record StageRow(string Stage, RunStatus? Status, bool IsDated);
}
