namespace AiSystemSpec.Sdk.Migrations;

/// <summary>How to adopt an existing database.</summary>
public sealed record AdoptOptions
{
    /// <summary>Gets whether to compare and to say what would be done, and to change nothing.</summary>
    /// <value><see langword="false"/> by default.</value>
    public bool DryRun { get; init; }

    /// <summary>Gets whether to close the tables that were there to Supabase's public roles too.</summary>
    /// <value>
    /// <see langword="false"/> by default: tables that were there keep their access, since closing can lock out users of the anonymous
    /// key.
    /// </value>
    /// <remarks>May be asked for later, on a database that is adopted or migrated already.</remarks>
    public bool Harden { get; init; }

    /// <summary>
    /// Gets how long each statement waits for another session's lock before the adoption is taken back and tried again, more than zero.
    /// </summary>
    /// <value>5 seconds by default, as in <see cref="MigrateOptions.LockTimeout"/>; tried four times.</value>
    public TimeSpan LockTimeout { get; init; } = MigrateOptions.DefaultLockTimeout;

    /// <summary>Gets whether a connection pooler in transaction mode is accepted.</summary>
    /// <value><see langword="false"/> by default, as in <see cref="MigrateOptions.AllowPooler"/>.</value>
    public bool AllowPooler { get; init; }

    /// <summary>Gets who is told of each statement before it runs, and of each further try.</summary>
    /// <value><see langword="null"/> by default.</value>
    public IProgress<MigrationProgress>? Progress { get; init; }
}
