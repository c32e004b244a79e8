using AiSystemSpec.Sdk.Migrations.Adoption;
using AiSystemSpec.Sdk.Migrations.EntityFramework;
using AiSystemSpec.Sdk.Migrations.Granting;
using AiSystemSpec.Sdk.Migrations.Identity;
using AiSystemSpec.Sdk.Migrations.Running;
using AiSystemSpec.Sdk.Migrations.Scripts;

namespace AiSystemSpec.Sdk.Migrations.Operations;

/// <summary>The operations beside migrating itself.</summary>
internal sealed partial class Migrator
{
    public Task<AdoptionResult> AdoptAsync(AdoptOptions? options = null, CancellationToken cancellationToken = default)
    {
        var chosen = options ?? new AdoptOptions();
        var limits = new MigrateOptions { AllowPooler = chosen.AllowPooler, LockTimeout = chosen.LockTimeout, Progress = chosen.Progress };
        MigrateOptions.ThrowIfInvalid(limits, nameof(AdoptOptions));
        return ChangeAsync(
            "adopt",
            limits,
            (run, session, _) => run.RepeatAsync("The adoption", AdoptionRun.Waiting, token => AdoptionRun.RunAsync(session, chosen, token), cancellationToken),
            cancellationToken);
    }

    public Task<string> ScriptAsync(MigrateOptions? options = null, CancellationToken cancellationToken = default)
    {
        var chosen = options ?? new MigrateOptions();
        MigrateOptions.ThrowIfInvalid(chosen);
        return Task.FromResult(new PsqlScript(chosen).Write(MigrationCatalog.Instance));
    }

    public Task<IReadOnlyList<SqlFile>> ScriptSupabaseAsync(CancellationToken cancellationToken = default) =>
        Task.FromResult(SupabaseScript.Write(MigrationCatalog.Instance));

    public Task<RollbackResult> RollbackAsync(
        string? toMigration, RollbackOptions? options = null, CancellationToken cancellationToken = default)
    {
        var chosen = options ?? new RollbackOptions();
        RollbackPlan.ThrowIfUnknownTable(chosen);
        return ChangeAsync(
            "rollback",
            new MigrateOptions { AllowPooler = chosen.AllowPooler, Progress = chosen.Progress, Activity = chosen.Activity },
            async (run, session, pooler) =>
            {
                var state = await DatabaseState.ReadAsync(session, cancellationToken).ConfigureAwait(false);
                var scripts = RollbackPlan.Choose(state, toMigration);
                var kept = await session.ReadAsync(
                    reading => RollbackPlan.FindKeptTablesAsync(reading, scripts, chosen, cancellationToken), cancellationToken).ConfigureAwait(false);
                await run.ExecuteAsync([.. scripts.SelectMany(script => RollbackPlan.Make(script, chosen, pooler))], cancellationToken).ConfigureAwait(false);
                return new RollbackResult { RolledBack = [.. scripts.Select(script => script.Id)], KeptTables = kept };
            },
            cancellationToken);
    }

    public Task<DatabaseIdentity?> GetIdentityAsync(CancellationToken cancellationToken = default) => ReadAsync(
        "identity",
        session => session.ReadAsync(reading => IdentityTable.ReadAsync(reading, cancellationToken), cancellationToken),
        cancellationToken);

    public Task<DatabaseIdentity> RenewIdentityAsync(CancellationToken cancellationToken = default) => ChangeAsync(
        "identity",
        new MigrateOptions { AllowPooler = true }, // one short transaction, the same through any pooler
        (run, session, _) => IdentityRenewal.RunAsync(run, session, cancellationToken),
        cancellationToken);

    public Task<GrantResult> GrantAsync(string role, GrantKind kind, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(role);
        return ChangeAsync(
            "grant",
            new MigrateOptions { AllowPooler = true }, // one short transaction, the same through any pooler
            (run, session, _) => GrantOperation.RunAsync(run, session, role, kind, cancellationToken),
            cancellationToken);
    }
}
