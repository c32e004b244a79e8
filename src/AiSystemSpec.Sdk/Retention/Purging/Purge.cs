using AiSystemSpec.Sdk.Diagnostics;
using AiSystemSpec.Sdk.Time;

namespace AiSystemSpec.Sdk.Retention.Purging;

/// <summary>One purge: rule by rule, batch by batch.</summary>
internal sealed class Purge(RetentionTable table, PurgeLock purgeLock, int batchSize, TimeSpan pause, TimeProvider timeProvider)
{
    private readonly RowCounts _deleted = new();
    private int _batches;

    public async Task<RetentionResult> RunAsync(IReadOnlyList<RetentionRule> rules, CancellationToken cancellationToken)
    {
        foreach (var rule in rules)
        {
            await RunAsync(rule, cancellationToken).ConfigureAwait(false);
        }

        return _deleted.ToResult() with { Batches = _batches };
    }

    private async Task RunAsync(RetentionRule rule, CancellationToken cancellationToken)
    {
        RowPosition? position = null;
        while (true)
        {
            var found = await table.FindAsync(rule, position, cancellationToken).ConfigureAwait(false);
            foreach (var rows in found.Rows.Chunk(batchSize))
            {
                await DeleteAsync(rule, rows, cancellationToken).ConfigureAwait(false);
            }

            // The position's own row is looked for again, since ids of a table without a key may repeat; one that stays is no reason to go on.
            if (found.Next is null || found.Next == position)
            {
                return;
            }

            position = found.Next;
        }
    }

    private async Task DeleteAsync(RetentionRule rule, FoundRow[] rows, CancellationToken cancellationToken)
    {
        if (_batches > 0 && pause > TimeSpan.Zero)
        {
            await timeProvider.Delay(pause, cancellationToken).ConfigureAwait(false);
        }

        cancellationToken.ThrowIfCancellationRequested();
        await purgeLock.KeepAsync().ConfigureAwait(false);
        var deleted = await table.DeleteAsync(rule, rows, cancellationToken).ConfigureAwait(false);
        _deleted.Add(rule.Kind, deleted);
        _batches++;
        RetentionInstruments.CountDeleted(rule.Table, deleted);
    }
}
