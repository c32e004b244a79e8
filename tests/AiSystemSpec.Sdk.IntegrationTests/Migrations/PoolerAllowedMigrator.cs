using AiSystemSpec.Sdk.Migrations;

namespace AiSystemSpec.Sdk.IntegrationTests.Migrations;

/// <summary>A migrator that is allowed to go through a pooler, whatever a test says or leaves out.</summary>
internal sealed class PoolerAllowedMigrator(IAiSystemSpecMigrator migrator) : IAiSystemSpecMigrator
{
    public Task<MigrationStatus> GetStatusAsync(CancellationToken cancellationToken = default) =>
        migrator.GetStatusAsync(cancellationToken);

    public Task<MigrationPlan> PlanAsync(MigrateOptions? options = null, CancellationToken cancellationToken = default) =>
        migrator.PlanAsync(options, cancellationToken);

    public Task<MigrationResult> MigrateAsync(MigrateOptions? options = null, CancellationToken cancellationToken = default) =>
        migrator.MigrateAsync((options ?? new MigrateOptions()) with { AllowPooler = true }, cancellationToken);

    public Task<SchemaReport> VerifyAsync(CancellationToken cancellationToken = default) => migrator.VerifyAsync(cancellationToken);

    public Task<AdoptionResult> AdoptAsync(AdoptOptions? options = null, CancellationToken cancellationToken = default) =>
        migrator.AdoptAsync((options ?? new AdoptOptions()) with { AllowPooler = true }, cancellationToken);

    public Task<string> ScriptAsync(MigrateOptions? options = null, CancellationToken cancellationToken = default) =>
        migrator.ScriptAsync(options, cancellationToken);

    public Task<IReadOnlyList<SqlFile>> ScriptSupabaseAsync(CancellationToken cancellationToken = default) =>
        migrator.ScriptSupabaseAsync(cancellationToken);

    public Task<RollbackResult> RollbackAsync(
        string? toMigration, RollbackOptions? options = null, CancellationToken cancellationToken = default) =>
        migrator.RollbackAsync(toMigration, (options ?? new RollbackOptions()) with { AllowPooler = true }, cancellationToken);

    public Task<DatabaseIdentity?> GetIdentityAsync(CancellationToken cancellationToken = default) =>
        migrator.GetIdentityAsync(cancellationToken);

    public Task<DatabaseIdentity> RenewIdentityAsync(CancellationToken cancellationToken = default) =>
        migrator.RenewIdentityAsync(cancellationToken);

    public Task<GrantResult> GrantAsync(string role, GrantKind kind, CancellationToken cancellationToken = default) =>
        migrator.GrantAsync(role, kind, cancellationToken);
}
