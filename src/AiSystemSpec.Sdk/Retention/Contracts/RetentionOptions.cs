namespace AiSystemSpec.Sdk;

/// <summary>
/// What to keep of each table. A table without a rule is left alone, and so are all tables by default. With an age and a number to keep
/// both set, a row is kept while either rule keeps it.
/// </summary>
/// <remarks>
/// Ages are measured from a row's <c>created_at</c>, by the database's clock. A row that has none is never deleted by an age.
/// </remarks>
public sealed class RetentionOptions
{
    /// <summary>The default of <see cref="BatchSize"/>: 1,000 rows.</summary>
    public const int DefaultBatchSize = 1_000;

    /// <summary>The largest <see cref="BatchSize"/>: 10,000 rows.</summary>
    public const int MaxBatchSize = 10_000;

    /// <summary>The default of <see cref="Pause"/>: 100 milliseconds.</summary>
    public static readonly TimeSpan DefaultPause = TimeSpan.FromMilliseconds(100);

    /// <summary>The default of <see cref="Interval"/>: 1 hour.</summary>
    public static readonly TimeSpan DefaultInterval = TimeSpan.FromHours(1);

    /// <summary>Gets or sets how old research must be to be deleted, more than zero. System events are not research.</summary>
    /// <value><see langword="null"/> by default: no research is deleted by its age.</value>
    /// <remarks>
    /// Research stays useful past the freshness window: it serves stale, and a researcher may update it rather than start again.
    /// </remarks>
    public TimeSpan? ResearchAge { get; set; }

    /// <summary>
    /// Gets or sets how many entries of each topic are kept, the newest in the schema's order (<c>created_at DESC NULLS LAST, id
    /// DESC</c>), 1 or more.
    /// </summary>
    /// <value><see langword="null"/> by default: entries are not counted.</value>
    /// <remarks>
    /// <para>Without <see cref="ResearchAge"/> older entries are deleted whatever their age; with it, only those that are old as
    /// well.</para>
    /// <para>Counting reads all topics once for each purge, and again for each 50,000 rows that it deletes.</para>
    /// </remarks>
    public int? KeepLatestPerTopic { get; set; }

    /// <summary>
    /// Gets or sets how old system events, the rows of the reserved topic <c>system</c>, must be to be deleted, more than zero.
    /// </summary>
    /// <value><see langword="null"/> by default: system events are kept.</value>
    public TimeSpan? SystemEventAge { get; set; }

    /// <summary>Gets or sets how old scripts must be to be deleted, more than zero.</summary>
    /// <value><see langword="null"/> by default: no script is deleted by its age.</value>
    public TimeSpan? ScriptAge { get; set; }

    /// <summary>Gets or sets how many scripts are kept, the newest in the schema's order, 1 or more.</summary>
    /// <value><see langword="null"/> by default: scripts are not counted.</value>
    /// <remarks>
    /// Without <see cref="ScriptAge"/> older scripts are deleted whatever their age; with it, only those that are old as well.
    /// </remarks>
    public int? KeepLatestScripts { get; set; }

    /// <summary>
    /// Gets or sets how old rows of run logs must be to be deleted, more than zero; of those whose status <see cref="RunAgesByStatus"/>
    /// does not name.
    /// </summary>
    /// <value><see langword="null"/> by default: they are kept.</value>
    public TimeSpan? RunAge { get; set; }

    /// <summary>
    /// Gets or sets ages for rows of run logs by status, instead of <see cref="RunAge"/>; null for a status that is always kept.
    /// </summary>
    /// <value>Empty by default. Statuses outside the schema's four may be named too.</value>
    public IDictionary<RunStatus, TimeSpan?> RunAgesByStatus { get; set; } = new Dictionary<RunStatus, TimeSpan?>();

    /// <summary>Gets or sets how many rows one transaction deletes at the most, from 1 to 10,000.</summary>
    /// <value>1,000 by default: some milliseconds of work.</value>
    /// <remarks>Whoever wants to change a row that is being deleted waits for the batch, and nobody else does.</remarks>
    public int BatchSize { get; set; } = DefaultBatchSize;

    /// <summary>Gets or sets how long to wait between two batches, zero or more.</summary>
    /// <value>100 milliseconds by default: at most 10,000 rows a second together with the default <see cref="BatchSize"/>.</value>
    /// <remarks>Leaves the server its time for others, its replicas theirs to follow, and vacuum its to clean up.</remarks>
    public TimeSpan Pause { get; set; } = DefaultPause;

    /// <summary>
    /// Gets or sets how long the hosted service waits between two purges, more than zero. The first begins with the host.
    /// </summary>
    /// <value>1 hour by default.</value>
    /// <remarks><see cref="IRetention.PurgeAsync"/> takes no notice of it.</remarks>
    public TimeSpan Interval { get; set; } = DefaultInterval;
}
