using Npgsql;

namespace AiSystemSpec.Sdk;

/// <summary>The settings of one database's services. Bound from the configuration section <c>AiSystemSpec</c> where there is one.</summary>
public sealed class AiSystemSpecOptions
{
    /// <summary>
    /// The configuration section that the options are bound from, and the connection string's name under <c>ConnectionStrings</c>.
    /// </summary>
    public const string SectionName = "AiSystemSpec";

    /// <summary>The default of <see cref="MaxAge"/>: 7 days, the schema's rule.</summary>
    public static readonly TimeSpan DefaultMaxAge = TimeSpan.FromDays(7);

    /// <summary>The default of <see cref="LockWait"/>: 5 minutes.</summary>
    public static readonly TimeSpan DefaultLockWait = TimeSpan.FromMinutes(5);

    /// <summary>The default of <see cref="ShutdownTimeout"/>: 30 seconds.</summary>
    public static readonly TimeSpan DefaultShutdownTimeout = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Gets or sets the connection string: Npgsql's form, libpq's (<c>host=… password=…</c>), or a <c>postgresql://</c> URI.
    /// </summary>
    /// <value>
    /// By default <c>ConnectionStrings:AiSystemSpec</c> of the configuration, else the container's <see cref="NpgsqlDataSource"/>.
    /// </value>
    /// <remarks>
    /// <para>
    /// Sessions are called <c>AiSystemSpec.Sdk</c> where neither <c>Application Name</c> nor PGAPPNAME names them, and speak UTF-8
    /// whatever the string and PGCLIENTENCODING say. Each statement is logged at Debug under <c>Npgsql.Command</c>, where Npgsql itself
    /// would log it at Information: set that category to Debug to see them. Parameters that only other clients understand are ignored
    /// with one warning.
    /// </para>
    /// <para>
    /// Where the string does not say, <c>No Reset On Close</c> is on, since a transaction pooler may tear a long message behind that
    /// reset. LINQ of your own that changes a setting of its session does so with <c>SET LOCAL</c>, or takes it back.
    /// </para>
    /// <para>
    /// Several hosts (<c>Host=a,b</c>) are taken for one database: reads and writes go to the one that takes writes. While there is none,
    /// as in a failover, a call waits for up to about 30 seconds and then throws an <see cref="NpgsqlException"/>; cancelling it ends the
    /// wait at once. Where the string does not say, a host is given 5 seconds to answer (<c>Timeout</c>), and one that did not is asked
    /// again after 60 (<c>Host Recheck Seconds</c>) or in a failover.
    /// </para>
    /// </remarks>
    public string? ConnectionString { get; set; }

    /// <summary>Gets or sets a data source to use instead of a connection string. It is never disposed by the SDK.</summary>
    /// <value><see langword="null"/> by default.</value>
    /// <remarks>One with <c>Multiplexing=true</c> is refused: the services hold locks in transactions that span statements. So is, at
    /// first use, one that cannot send arrays (<see cref="NpgsqlSlimDataSourceBuilder"/> without <c>EnableArrays</c>) or does not speak
    /// UTF-8. What else it maps (NodaTime, JSON, enumerations) makes no difference. A failover is waited for where it is an
    /// <see cref="NpgsqlMultiHostDataSource"/>, rather than one of its <c>WithTargetSession</c>.</remarks>
    public NpgsqlDataSource? DataSource { get; set; }

    /// <summary>Gets or sets how old research may be to count as fresh, more than zero.</summary>
    /// <value>7 days by default, the schema's rule.</value>
    public TimeSpan MaxAge { get; set; } = DefaultMaxAge;

    /// <summary>Gets or sets how far past its age an entry may serve when research fails or takes too long.</summary>
    /// <value>Zero by default: not at all.</value>
    public TimeSpan ServeStaleFor { get; set; } = TimeSpan.Zero;

    /// <summary>Gets or sets how long to wait for another process's research of the same topic.</summary>
    /// <value>5 minutes by default.</value>
    public TimeSpan LockWait { get; set; } = DefaultLockWait;

    /// <summary>Gets or sets what is done to every topic before it is read or written.</summary>
    /// <value><see langword="null"/> by default: topics are taken as they are.</value>
    /// <remarks>Changing it changes which rows a topic finds.</remarks>
    public Func<string, string>? TopicNormalizer { get; set; }

    /// <summary>Gets or sets the time limit of each SQL command.</summary>
    /// <value><see langword="null"/> by default: the connection string's (30 seconds where it has none).</value>
    public TimeSpan? CommandTimeout { get; set; }

    /// <summary>Gets or sets how long disposal waits for background work: queued rows, research that is under way.</summary>
    /// <value>
    /// 30 seconds by default; what is longer than a timer counts (24 days) is taken for that. What is not done by then is counted as
    /// lost.
    /// </value>
    public TimeSpan ShutdownTimeout { get; set; } = DefaultShutdownTimeout;

    /// <summary>
    /// Gets or sets whether <c>IHostApplicationBuilder.AddAiSystemSpec</c> leaves the health check out that it would add.
    /// </summary>
    /// <value><see langword="false"/> by default.</value>
    public bool DisableHealthChecks { get; set; }

    /// <summary>Gets or sets how run rows are written in the background.</summary>
    public RunLogOptions RunLog { get; set; } = new();
}
