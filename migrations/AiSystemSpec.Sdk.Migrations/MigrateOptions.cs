namespace AiSystemSpec.Sdk.Migrations;

/// <summary>How to migrate.</summary>
public sealed record MigrateOptions
{
    /// <summary>The default of <see cref="LockTimeout"/>: 5 seconds.</summary>
    public static readonly TimeSpan DefaultLockTimeout = TimeSpan.FromSeconds(5);

    /// <summary>The default of <see cref="IndexLockTimeout"/>: 1 minute.</summary>
    public static readonly TimeSpan DefaultIndexLockTimeout = TimeSpan.FromMinutes(1);

    /// <summary>The default of <see cref="RunWait"/>: 30 minutes.</summary>
    public static readonly TimeSpan DefaultRunWait = TimeSpan.FromMinutes(30);

    /// <summary>The default of <see cref="Attempts"/>: 4.</summary>
    public const int DefaultAttempts = 4;

    /// <summary>Gets whether a connection pooler in transaction mode is accepted.</summary>
    /// <value>
    /// <see langword="false"/> by default: a direct connection is better, since no setting reaches an index build through such a pooler.
    /// </value>
    public bool AllowPooler { get; init; }

    /// <summary>
    /// Gets how long a statement inside a transaction waits for another session's lock. Everyone who comes later waits behind it.
    /// </summary>
    /// <value>5 seconds by default.</value>
    public TimeSpan LockTimeout { get; init; } = DefaultLockTimeout;

    /// <summary>Gets how long the build of an index waits for other transactions. Nobody waits behind it.</summary>
    /// <value>1 minute by default.</value>
    public TimeSpan IndexLockTimeout { get; init; } = DefaultIndexLockTimeout;

    /// <summary>Gets how often a migration or an index is tried when locks stand in the way.</summary>
    /// <value>4 times by default, 1 or more.</value>
    public int Attempts { get; init; } = DefaultAttempts;

    /// <summary>Gets how long to wait for another run to end.</summary>
    /// <value>30 minutes by default.</value>
    public TimeSpan RunWait { get; init; } = DefaultRunWait;

    /// <summary>
    /// Gets whether to add, after the migrations, what <see cref="IResearchSearch"/> needs: the extension <c>pg_trgm</c> and its index.
    /// </summary>
    /// <value><see langword="false"/> by default: nothing else needs them, and creating an extension may take more rights.</value>
    /// <remarks>
    /// Does nothing where both are there. The extension goes to the schema <c>extensions</c> where there is one (as at Supabase), else to
    /// <c>public</c>.
    /// </remarks>
    public bool WithSimilarity { get; init; }

    /// <summary>Gets who is told of each statement before it runs.</summary>
    /// <value><see langword="null"/> by default.</value>
    public IProgress<MigrationProgress>? Progress { get; init; }

    /// <summary>Gets who is told, twice a second, of what is seen of a step that takes longer.</summary>
    /// <value><see langword="null"/> by default.</value>
    public IProgress<MigrationActivity>? Activity { get; init; }

    /// <summary>
    /// The longest lock timeout, which is what the server takes in a setting: 2,147,483,647 milliseconds, more than 24 days.
    /// </summary>
    public static readonly TimeSpan LongestTimeout = TimeSpan.FromMilliseconds(int.MaxValue);

    private static readonly TimeSpan ShortestTimeout = TimeSpan.FromMilliseconds(1);

    internal static void ThrowIfInvalid(MigrateOptions options, string type = nameof(MigrateOptions))
    {
        ArgumentNullException.ThrowIfNull(options);
        var wrong = options switch
        {
            _ when IsOutOfRange(options.LockTimeout) => $"LockTimeout is {options.LockTimeout}. Set it to more than zero, from 1 millisecond to {LongestTimeout}.",
            _ when IsOutOfRange(options.IndexLockTimeout) => $"IndexLockTimeout is {options.IndexLockTimeout}. Set it to more than zero, from 1 millisecond to {LongestTimeout}.",
            { RunWait.Ticks: < 0 } => $"RunWait is {options.RunWait}. Set it to zero (do not wait) or more.",
            { Attempts: < 1 } => $"Attempts is {options.Attempts}. Set it to 1 or more.",
            _ => null,
        };
        if (wrong is not null)
        {
            throw new ArgumentException($"{type}.{wrong}", nameof(options));
        }
    }

    // Less than the server's unit would be sent as zero, which is no limit at all.
    private static bool IsOutOfRange(TimeSpan timeout) => timeout < ShortestTimeout || timeout > LongestTimeout;
}
