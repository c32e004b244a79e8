using AiSystemSpec.Sdk.Connections;
using AiSystemSpec.Sdk.Diagnostics;
using AiSystemSpec.Sdk.Retention.Purging;
using Microsoft.Extensions.Logging;

namespace AiSystemSpec.Sdk.Retention;

/// <summary>Checks options, asks the database's clock once, takes the lock, and lets a purge run.</summary>
internal sealed class Purger(Database database, TimeProvider timeProvider, ILogger logger) : IRetention
{
    private readonly RetentionTable _table = new(database);

    public Task<RetentionResult> PurgeAsync(
        RetentionOptions options, PurgeOptions? purge = null, CancellationToken cancellationToken = default)
    {
        RetentionChecks.ThrowIfInvalid(options);
        RetentionChecks.ThrowIfInvalid(purge, nameof(purge));
        var isDryRun = purge?.DryRun ?? false;
        return !RetentionRules.Any(options) ? Task.FromResult(new RetentionResult { IsDryRun = isDryRun })
            : isDryRun ? CountAsync(options, cancellationToken)
            : purge?.ExportFile is { } file ? DeleteIntoAsync(file, options, cancellationToken)
            : DeleteAsync(options, export: null, cancellationToken);
    }

    private async Task<RetentionResult> DeleteIntoAsync(string file, RetentionOptions options, CancellationToken cancellationToken)
    {
        var export = PurgeExport.Create(file);
        await using (export.ConfigureAwait(false))
        {
            return await DeleteAsync(options, export, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<RetentionResult> CountAsync(RetentionOptions options, CancellationToken cancellationToken)
    {
        var counts = new RowCounts();
        foreach (var rule in await ReadRulesAsync(options, cancellationToken).ConfigureAwait(false))
        {
            counts.Add(rule.Kind, await _table.CountAsync(rule, cancellationToken).ConfigureAwait(false));
        }

        return counts.ToResult() with { IsDryRun = true };
    }

    private async Task<RetentionResult> DeleteAsync(RetentionOptions options, PurgeExport? export, CancellationToken cancellationToken)
    {
        var (batchSize, pause) = (options.BatchSize, options.Pause);
        var rules = await ReadRulesAsync(options, cancellationToken).ConfigureAwait(false);
        if (await PurgeLock.TryTakeAsync(database, timeProvider, cancellationToken).ConfigureAwait(false) is not { } purgeLock)
        {
            Log.OtherPurgeAtWork(logger);
            return new RetentionResult { IsAnotherPurgeRunning = true };
        }

        await using (purgeLock.ConfigureAwait(false))
        {
            var purge = new Purge(database, _table, purgeLock, batchSize, pause, timeProvider, export);
            try
            {
                return await purge.RunAsync(rules, cancellationToken).ConfigureAwait(false);
            }
            finally
            {
                Tell(purge.ToResult()); // however it ended: what was deleted is gone
            }
        }
    }

    private void Tell(RetentionResult result)
    {
        Log.Purged(logger, result.ResearchRows, result.SystemEventRows, result.ScriptRows, result.RunRows, result.Batches);
        foreach (var skipped in result.Skipped)
        {
            Log.RowsSkipped(logger, skipped.SqlState is null ? LogLevel.Debug : LogLevel.Warning, skipped.Rows, skipped.Table, skipped.Reason);
        }
    }

    // All rules are made before the first row is deleted: the caller may change the options.
    private async ValueTask<List<RetentionRule>> ReadRulesAsync(RetentionOptions options, CancellationToken cancellationToken) =>
        [.. RetentionRules.Of(options, await _table.ReadClockAsync(cancellationToken).ConfigureAwait(false))];
}
