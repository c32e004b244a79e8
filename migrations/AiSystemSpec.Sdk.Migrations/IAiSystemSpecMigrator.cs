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
    /// <param name="options">How it would migrate; the defaults where null.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The plan, empty where nothing is left to do.</returns>
    /// <exception cref="MigrationException">The database cannot be reached, or cannot be migrated as it is.</exception>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    Task<MigrationPlan> PlanAsync(MigrateOptions? options = null, CancellationToken cancellationToken = default);

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

    /// <summary>Compares the database with the schema. Reads only, in a read-only transaction.</summary>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The findings.</returns>
    /// <remarks>Counting unusual statuses reads all of <c>pipeline_runs</c>.</remarks>
    /// <exception cref="MigrationException">The database cannot be reached, or its history may not be read.</exception>
    Task<SchemaReport> VerifyAsync(CancellationToken cancellationToken = default);

    /// <summary>Takes over a database whose tables were made by others, in one transaction. Changes no row and drops nothing.</summary>
    /// <param name="options">How to adopt; the defaults where null.</param>
    /// <param name="cancellationToken">Cancels the call; nothing is changed then.</param>
    /// <returns>What was done; nothing where the database is adopted or migrated already.</returns>
    /// <remarks>
    /// Tables that are missing are created, and the first migration is recorded. Indexes stay pending: <see cref="MigrateAsync"/> builds
    /// them. Tables that were there keep their access unless <see cref="AdoptOptions.Harden"/> is set.
    /// </remarks>
    /// <exception cref="MigrationException">
    /// The tables differ in a way with which the services cannot work; the message lists everything. Nothing was changed.
    /// </exception>
    Task<AdoptionResult> AdoptAsync(AdoptOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>Writes all migrations as one script for psql, which may be run again and again. Needs no database.</summary>
    /// <param name="options">
    /// The limits on waits, and whether to add what the search by similarity needs. The rest has no meaning for a script. The defaults
    /// where null.
    /// </param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The script.</returns>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    Task<string> ScriptAsync(MigrateOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>Writes all migrations as files for Supabase's CLI (<c>supabase/migrations</c>). Needs no database.</summary>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The files, oldest first. What the migrator has applied already, they leave out.</returns>
    /// <remarks>
    /// Supabase's CLI runs each file in a transaction, so these build indexes without CONCURRENTLY, which stops writers meanwhile.
    /// </remarks>
    Task<IReadOnlyList<SqlFile>> ScriptSupabaseAsync(CancellationToken cancellationToken = default);

    /// <summary>Takes migrations back. Drops no row unless told to by name; tables that an adoption found are left as they are.</summary>
    /// <param name="toMigration">The last migration to keep, by id or name; all are taken back where null or <c>0</c>.</param>
    /// <param name="options">How to roll back; the defaults where null.</param>
    /// <param name="cancellationToken">Cancels the call; what was taken back by then stays so.</param>
    /// <returns>What was taken back, newest first, and the adopted tables that were left.</returns>
    /// <remarks>
    /// Taking back the first migration undoes an adoption: the tables that it found stay, and what it recorded of them is forgotten, so
    /// that <see cref="AdoptAsync"/> may take them over again. Access that <see cref="AdoptOptions.Harden"/> closed stays closed.
    /// </remarks>
    /// <exception cref="MigrationException">Rows would be lost, or it failed; the message says why and what to do.</exception>
    /// <exception cref="ArgumentException">The options name a table that is not one of the three.</exception>
    Task<RollbackResult> RollbackAsync(string? toMigration, RollbackOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>Reads the identity of the database, by which the files of a host's run log know it. Needs SELECT only.</summary>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The identity; null where the database has none, since the migration that makes it is pending.</returns>
    /// <exception cref="MigrationException">The database cannot be reached, or the role may not read it.</exception>
    Task<DatabaseIdentity?> GetIdentityAsync(CancellationToken cancellationToken = default);

    /// <summary>Gives the database another identity: for a clone made by dump and restore, before its hosts begin.</summary>
    /// <param name="cancellationToken">Cancels the call; nothing is changed then.</param>
    /// <returns>The new identity.</returns>
    /// <remarks>Files that were written for the old identity are taken for another database's from then on.</remarks>
    /// <exception cref="MigrationException">The database has no table for it yet, or the role may not change it.</exception>
    Task<DatabaseIdentity> RenewIdentityAsync(CancellationToken cancellationToken = default);

    /// <summary>Grants a role exactly what it needs, with policies where row level security is on. Takes nothing away.</summary>
    /// <param name="role">A role that exists.</param>
    /// <param name="kind">What it is to do.</param>
    /// <param name="cancellationToken">Cancels the call; nothing is granted then.</param>
    /// <returns>What was granted.</returns>
    /// <remarks>Run it again after an adoption or a hardening: it adds what is missing.</remarks>
    /// <exception cref="MigrationException">There is no such role, or the current one may not grant the rights.</exception>
    Task<GrantResult> GrantAsync(string role, GrantKind kind, CancellationToken cancellationToken = default);
}
