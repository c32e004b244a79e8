namespace AiSystemSpec.Sdk.Migrations;

/// <summary>
/// Operates the schema of one database. Safe for parallel callers and parallel processes: runs take turns.
/// Consumed, not implemented, by hosts: new members may come in a minor version.
/// </summary>
public interface IAiSystemSpecMigrator
{
    /// <summary>Says which migrations are applied and which are pending. Needs SELECT only, and creates nothing.</summary>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The status.</returns>
    /// <exception cref="MigrationException">The database cannot be reached, or its history may not be read.</exception>
    Task<MigrationStatus> GetStatusAsync(CancellationToken cancellationToken = default);

    /// <summary>Says what <see cref="MigrateAsync"/> would send now. Changes nothing.</summary>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The plan, empty where nothing is pending.</returns>
    /// <exception cref="MigrationException">The database cannot be reached, or cannot be migrated as it is.</exception>
    Task<MigrationPlan> PlanAsync(CancellationToken cancellationToken = default);

    /// <summary>Applies the pending migrations. Does nothing where there are none.</summary>
    /// <param name="options">How to migrate; the defaults where null.</param>
    /// <param name="cancellationToken">Cancels the call; what was applied by then stays.</param>
    /// <returns>What was applied.</returns>
    /// <remarks>
    /// Each migration is applied wholly or not at all; an index that a broken build left INVALID is built again by the next run.
    /// Through a pooler in transaction mode only with <see cref="MigrateOptions.AllowPooler"/>.
    /// </remarks>
    /// <exception cref="MigrationException">It was refused or failed; the message says why and what to do.</exception>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    Task<MigrationResult> MigrateAsync(MigrateOptions? options = null, CancellationToken cancellationToken = default);
}
