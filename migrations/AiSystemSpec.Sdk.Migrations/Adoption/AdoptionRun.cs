using AiSystemSpec.Sdk.Migrations.Catalog;
using AiSystemSpec.Sdk.Migrations.Connections;
using AiSystemSpec.Sdk.Migrations.History;
using AiSystemSpec.Sdk.Migrations.Statements;
using AiSystemSpec.Sdk.Migrations.Verification;
using AiSystemSpec.Sdk.Specification;

namespace AiSystemSpec.Sdk.Migrations.Adoption;

/// <summary>Adopts a database in one transaction: looks, refuses or changes, and looks again before it commits.</summary>
internal static class AdoptionRun
{
    private const string Rights = $"""
        SELECT pg_catalog.has_database_privilege(pg_catalog.current_database(), 'CREATE') OR EXISTS (SELECT FROM pg_catalog.pg_namespace WHERE nspname = '{Schema.OwnName}'),
               pg_catalog.has_schema_privilege('{Schema.Name}', 'CREATE')
        """;

    /// <summary>The beginnings of what may wait for another session's lock; printing a definition waits for whoever changes it.</summary>
    public static readonly IReadOnlyList<string> Waiting = [LockTable, ClosedAccess.Beginning, TableReader.Beginning, IndexReader.Beginning];

    /// <summary>What progress calls it, which belongs to no migration.</summary>
    public const string Label = "adoption";

    private const string LockTable = "LOCK TABLE";

    public static async Task<AdoptionResult> RunAsync(Session session, AdoptOptions options, CancellationToken cancellationToken)
    {
        // In one message: no pause of this process can then outlast the role's idle_in_transaction_session_timeout before it is lifted.
        await session.ExecuteAsync(
            $"{RunUnit.Begin} SET LOCAL lock_timeout = {RunUnit.Milliseconds(options.LockTimeout)}; {TimeLimits.LiftInTransaction}", cancellationToken).ConfigureAwait(false);
        try
        {
            await session.ExecuteAsync(SearchPath.Pin, cancellationToken).ConfigureAwait(false);
            await session.ExecuteAsync(PlainPrinting.Set, cancellationToken).ConfigureAwait(false);
            var plan = await PlanAsync(session, options, cancellationToken).ConfigureAwait(false);
            var result = new AdoptionResult { Adopted = plan.IsAdopted ? [] : plan.Found, Created = plan.Missing, Statements = plan.Statements, Findings = plan.Findings };
            if (options.DryRun)
            {
                await session.TryRollbackAsync().ConfigureAwait(false);
                return result;
            }

            await ThrowIfRightsAreMissingAsync(session, plan, cancellationToken).ConfigureAwait(false);
            plan.ThrowIfImpossible();
            var step = 0;
            foreach (var sql in plan.Statements)
            {
                options.Progress?.Report(new MigrationProgress { MigrationId = Label, Step = ++step, Steps = plan.Statements.Count, Sql = sql });
                await session.ExecuteAsync(sql, cancellationToken).ConfigureAwait(false);
            }

            (await PlanAsync(session, options, cancellationToken).ConfigureAwait(false)).ThrowIfImpossible();
            await session.ExecuteAsync("COMMIT;", cancellationToken).ConfigureAwait(false);
            return result;
        }
        catch
        {
            await session.TryRollbackAsync().ConfigureAwait(false);
            throw;
        }
    }

    private static async Task<AdoptionPlan> PlanAsync(Session session, AdoptOptions options, CancellationToken cancellationToken)
    {
        var tables = await TableReader.ReadAsync(session, cancellationToken).ConfigureAwait(false);
        foreach (var table in tables.Where(table => table is { IsTable: true, MaySelect: true }))
        {
            // Keeps everyone from altering what is compared; readers and writers go on.
            await session.ExecuteAsync($"{LockTable} {table.QualifiedName} IN ACCESS SHARE MODE;", cancellationToken).ConfigureAwait(false);
        }

        var history = await HistoryReader.ReadAsync(session, cancellationToken).ConfigureAwait(false);
        var found = await TableReader.ReadAsync(session, cancellationToken).ConfigureAwait(false);
        var probe = new Probe(session, cancellationToken);
        var findings = new List<SchemaFinding>();
        foreach (var table in found)
        {
            findings.AddRange(await TableComparison.CompareAsync(table, probe).ConfigureAwait(false));
        }

        findings.AddRange(await EncodingFindings.FindAsync(probe).ConfigureAwait(false));
        return new AdoptionPlan(found, findings, history, options.Harden);
    }

    private static async Task ThrowIfRightsAreMissingAsync(Session session, AdoptionPlan plan, CancellationToken cancellationToken)
    {
        var (mayCreateSchema, mayCreateTable) = (await session.QueryAsync(
            Rights, reader => (reader.GetBoolean(0), reader.GetBoolean(1)), cancellationToken).ConfigureAwait(false))[0];
        if (!mayCreateSchema)
        {
            throw MigrationException.Refused(
                $"The role may not create the schema {Schema.OwnName}. Connect as the database's owner, or grant it: GRANT CREATE ON DATABASE … TO ….");
        }

        if (plan.Missing.Count > 0 && !mayCreateTable)
        {
            throw MigrationException.Refused($"The role may not create tables in {Schema.Name}. Connect as the database's owner, or grant it: GRANT CREATE ON SCHEMA {Schema.Name} TO ….");
        }
    }
}
