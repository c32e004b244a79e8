using AiSystemSpec.Sdk.Connections.Opening;
using AiSystemSpec.Sdk.Migrations.Catalog;
using AiSystemSpec.Sdk.Migrations.Connections;
using AiSystemSpec.Sdk.Migrations.Locking;
using AiSystemSpec.Sdk.Migrations.Statements;
using Npgsql;

namespace AiSystemSpec.Sdk.Migrations.Running;

/// <summary>
/// Sends a plan's units, one after another, while the lock is held; repeats a unit when other sessions' locks stand in its way.
/// </summary>
internal sealed class MigrationRun(
    ConnectionSource source, Session session, MigrationLock held, PoolerMode pooler, MigrateOptions options, TimeProvider timeProvider)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    public async Task ExecuteAsync(IReadOnlyList<RunUnit> units, CancellationToken cancellationToken)
    {
        var step = 0;
        var steps = units.Sum(unit => unit.Statements.Count);
        try
        {
            foreach (var unit in units)
            {
                foreach (var sql in unit.Statements)
                {
                    options.Progress?.Report(new MigrationProgress { MigrationId = unit.Label, Step = ++step, Steps = steps, Sql = sql });
                }

                await ExecuteAsync(unit, new MigrationProgress { MigrationId = unit.Label, Step = step, Steps = steps, Sql = unit.Statements[^1] }, cancellationToken).ConfigureAwait(false);
            }
        }
        catch when (pooler != PoolerMode.Transaction)
        {
            await session.TryResetLimitsAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Repeats work that leaves nothing behind when it fails, as a unit is repeated.</summary>
    /// <param name="name">What an error calls it.</param>
    /// <param name="waiting">The beginnings of the statements that may wait for another session's lock.</param>
    /// <param name="work">The work; its lock timeout is its own.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<T> RepeatAsync<T>(
        string name, IReadOnlyList<string> waiting, Func<CancellationToken, Task<T>> work, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            var watch = BlockerWatch.Start(source, waiting, limit: null, timeProvider, cancellationToken, options.Activity);
            await using (watch.ConfigureAwait(false))
            {
                try
                {
                    return await work(watch.Token).ConfigureAwait(false);
                }
                catch (PostgresException exception) when (IsInTheWay(exception, watch))
                {
                    if (attempt >= options.Attempts)
                    {
                        throw GaveUp(name, "Nothing was changed", watch.Last, exception);
                    }

                    options.Progress?.Report(new MigrationProgress { MigrationId = name, Step = 0, Steps = 0, Sql = "", Attempt = attempt + 1, WaitedFor = Describe(watch.Last) });
                }
            }

            await Task.Delay(Pause * attempt, timeProvider, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task ExecuteAsync(RunUnit unit, MigrationProgress progress, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await held.EnsureHeldAsync().ConfigureAwait(false);
                var (isDone, blocker) = await TryExecuteAsync(unit, attempt, cancellationToken).ConfigureAwait(false);
                if (isDone)
                {
                    return;
                }

                options.Progress?.Report(progress with { Attempt = attempt + 1, WaitedFor = Describe(blocker) });
            }
            catch (NpgsqlException exception)
            {
                throw TrigramSearch.Describe(unit, exception) ?? OperatorErrors.Describe(exception, unit.Name);
            }

            await Task.Delay(Pause * attempt, timeProvider, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<(bool IsDone, Blocker? Blocker)> TryExecuteAsync(RunUnit unit, int attempt, CancellationToken cancellationToken)
    {
        // Behind a pooler in transaction mode no lock timeout reaches a statement outside a transaction.
        TimeSpan? limit = unit.Index is not null && pooler == PoolerMode.Transaction ? options.IndexLockTimeout : null;
        IEnumerable<string> watched = unit.Index is { } watchedIndex ? [watchedIndex.DropSql, .. unit.Statements] : unit.Statements;
        var watch = BlockerWatch.Start(source, watched, limit, timeProvider, cancellationToken, options.Activity);
        await using (watch.ConfigureAwait(false))
        {
            try
            {
                await (unit.Index is { } index
                    ? ExecuteIndexAsync(unit, index, watch.Token)
                    : session.ExecuteAllAsync(unit.Statements, watch.Token)).ConfigureAwait(false);
                return (true, null);
            }
            catch (OperationCanceledException) when (watch.Failure is not null)
            {
                throw new MigrationException(
                    MigrationErrorKind.Failed,
                    $"{Subject(unit)} was ended, since the connection that bounds its wait was lost: {ConnectionErrors.Detail(watch.Failure)} {Left(unit)}; run it again.",
                    watch.Failure);
            }
            catch (Exception exception) when (IsInTheWay(exception, watch))
            {
                return attempt < options.Attempts ? (false, watch.Last) : throw GaveUp(Subject(unit), Left(unit), watch.Last, exception);
            }
        }
    }

    // What is there now decides, not what was there when the plan was made: an earlier try, or a killed run whose backend
    // went on building, may have changed it.
    private async Task ExecuteIndexAsync(RunUnit unit, IndexDefinition index, CancellationToken cancellationToken)
    {
        var found = await session.ReadAsync(reading => IndexReader.FindAsync(reading, index.Name, cancellationToken), cancellationToken).ConfigureAwait(false);
        if (found is { IsValid: true })
        {
            return;
        }

        if (found is not null)
        {
            await session.ExecuteAsync(index.DropSql, cancellationToken).ConfigureAwait(false);
        }

        if (unit.IsCreation)
        {
            await session.ExecuteAsync(unit.Statements[0], cancellationToken).ConfigureAwait(false);
        }
    }

    private static bool IsInTheWay(Exception exception, BlockerWatch watch) => exception switch
    {
        PostgresException { SqlState: PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.DeadlockDetected } => true,
        OperationCanceledException => watch.HasEnded,
        _ => false,
    };

    private static string Subject(RunUnit unit) =>
        unit.Index is { } index ? $"The build of index {index.QualifiedName}" : $"{char.ToUpperInvariant(unit.Name[0])}{unit.Name[1..]}";

    private static string Left(RunUnit unit) =>
        unit.Index is null ? "Nothing of it was changed" : "What it left is INVALID, harms nothing, and is built again";

    private static string Describe(Blocker? blocker) => blocker?.ToString() ?? "one that was gone when it was looked for";

    private MigrationException GaveUp(string what, string left, Blocker? blocker, Exception exception) => new(
        MigrationErrorKind.Failed,
        $"{what} was tried {options.Attempts} times and waited each time for another session's lock: {Describe(blocker)}. {left}; run it again.",
        exception);
}
