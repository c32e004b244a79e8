namespace AiSystemSpec.Sdk.Migrations;

/// <summary>
/// Operates the schema of one database. Safe for parallel callers and parallel processes: runs take turns.
/// Consumed, not implemented, by hosts: new members may come in a minor version.
/// </summary>
public interface IAiSystemSpecMigrator
{
    /// <summary>Applies the pending migrations. Does nothing where there are none.</summary>
    /// <param name="options">How to migrate; the defaults where null.</param>
    /// <param name="cancellationToken">Cancels the call; what was applied by then stays.</param>
    /// <returns>What was applied.</returns>
    Task<MigrationResult> MigrateAsync(MigrateOptions? options = null, CancellationToken cancellationToken = default);
}
