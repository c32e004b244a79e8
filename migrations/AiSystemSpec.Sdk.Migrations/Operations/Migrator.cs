using AiSystemSpec.Sdk.Connections.Opening;
using AiSystemSpec.Sdk.Migrations.Connections;
using AiSystemSpec.Sdk.Migrations.EntityFramework;
using AiSystemSpec.Sdk.Migrations.History;
using AiSystemSpec.Sdk.Migrations.Locking;
using AiSystemSpec.Sdk.Migrations.Running;
using AiSystemSpec.Sdk.Migrations.Verification;
using Npgsql;

namespace AiSystemSpec.Sdk.Migrations.Operations;

/// <summary>The operations of one database; each opens its own sessions and closes them.</summary>
internal sealed partial class Migrator(ConnectionSource source, TimeProvider timeProvider) : IAiSystemSpecMigrator, IAsyncDisposable, IDisposable
{
    public Task<MigrationStatus> GetStatusAsync(CancellationToken cancellationToken = default) => ReadAsync(
        "status",
        async session =>
        {
            var (history, tables) = await session.ReadAsync(
                async reading => (await HistoryReader.ReadAsync(reading, cancellationToken).ConfigureAwait(false) ?? [],
                    await DatabaseState.ReadTablesAsync(reading, cancellationToken).ConfigureAwait(false)),
                cancellationToken).ConfigureAwait(false);
            var applied = history.ConvertAll(row => row.Id);
            var known = MigrationCatalog.Instance.Up.Select(script => script.Id).ToList();
            return new MigrationStatus
            {
                Applied = [.. applied.Intersect(known, StringComparer.Ordinal)],
                Pending = [.. known.Except(applied, StringComparer.Ordinal)],
                Unknown = [.. applied.Except(known, StringComparer.Ordinal)],
                NeedsAdoption = tables.Count > 0 && !applied.Contains(known[0], StringComparer.Ordinal),
            };
        },
        cancellationToken);

    public async Task<MigrationPlan> PlanAsync(MigrateOptions? options = null, CancellationToken cancellationToken = default)
    {
        var chosen = options ?? new MigrateOptions();
        MigrateOptions.ThrowIfInvalid(chosen);
        return await ReadAsync(
            "plan",
            async session =>
            {
                var pooler = await PoolerDetector.DetectAsync(source.OpenAsync, session.Connection, cancellationToken).ConfigureAwait(false);
                var state = await DatabaseState.ReadAsync(session, cancellationToken).ConfigureAwait(false);
                var plan = RunPlan.Make(state, pooler, chosen);
                return new MigrationPlan { Pending = [.. plan.Pending.Select(script => script.Id)], Statements = [.. plan.Units.SelectMany(unit => unit.Statements)] };
            },
            cancellationToken).ConfigureAwait(false);
    }

    public Task<SchemaReport> VerifyAsync(CancellationToken cancellationToken = default) => ReadAsync(
        "verify", session => Verifier.VerifyAsync(session, cancellationToken), cancellationToken);

    public async Task<MigrationResult> MigrateAsync(MigrateOptions? options = null, CancellationToken cancellationToken = default)
    {
        var chosen = options ?? new MigrateOptions();
        MigrateOptions.ThrowIfInvalid(chosen);
        if (await IsDoneAsync(chosen, cancellationToken).ConfigureAwait(false))
        {
            return new MigrationResult { Applied = [] }; // needs no right to change anything, and no lock
        }

        return await ChangeAsync(
            "migrate",
            chosen,
            async (run, session, pooler) =>
            {
                var state = await DatabaseState.ReadAsync(session, cancellationToken).ConfigureAwait(false);
                var plan = RunPlan.Make(state, pooler, chosen);
                await TimeLimitInForce.ThrowIfBuildsMayEndAsync(session, pooler, plan.Units, cancellationToken).ConfigureAwait(false);
                await run.ExecuteAsync(plan.Units, cancellationToken).ConfigureAwait(false);
                return new MigrationResult { Applied = [.. plan.Pending.Select(script => script.Id)] };
            },
            cancellationToken).ConfigureAwait(false);
    }

    public void Dispose() => source.Dispose();

    public ValueTask DisposeAsync() => source.DisposeAsync();

    private async Task<bool> IsDoneAsync(MigrateOptions options, CancellationToken cancellationToken) => options.WithSimilarity
        ? (await PlanAsync(options, cancellationToken).ConfigureAwait(false)).Statements.Count == 0
        : (await GetStatusAsync(cancellationToken).ConfigureAwait(false)).IsUpToDate;

    private async Task<T> ReadAsync<T>(string operation, Func<Session, Task<T>> read, CancellationToken cancellationToken)
    {
        var session = await Session.OpenAsync(source, cancellationToken).ConfigureAwait(false);
        await using (session.ConfigureAwait(false))
        {
            return await DescribeErrorsAsync(operation, () => read(session)).ConfigureAwait(false);
        }
    }

    /// <summary>Changes something, alone: with the lock round it.</summary>
    private Task<T> ChangeAsync<T>(
        string operation, MigrateOptions options, Func<MigrationRun, Session, PoolerMode, Task<T>> change, CancellationToken cancellationToken)
    {
        return DescribeErrorsAsync(
            operation,
            async () =>
            {
                var (session, pooler) = await ChangeSession.OpenAsync(source, options.AllowPooler, cancellationToken).ConfigureAwait(false);
                await using (session.ConfigureAwait(false))
                {
                    var held = await MigrationLock.AcquireAsync(source.OpenAsync, options.RunWait, timeProvider, cancellationToken).ConfigureAwait(false);
                    await using (held.ConfigureAwait(false))
                    {
                        var run = new MigrationRun(source, session, held, pooler, options, timeProvider);
                        return await change(run, session, pooler).ConfigureAwait(false);
                    }
                }
            });
    }

    private static async Task<T> DescribeErrorsAsync<T>(string operation, Func<Task<T>> work)
    {
        try
        {
            return await work().ConfigureAwait(false);
        }
        catch (NpgsqlException exception)
        {
            throw OperatorErrors.Describe(exception, operation);
        }
    }
}
