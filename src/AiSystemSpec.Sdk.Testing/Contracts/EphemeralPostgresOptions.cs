namespace AiSystemSpec.Sdk.Testing;

/// <summary>What <see cref="EphemeralPostgres.StartAsync"/> starts; the defaults suit most tests.</summary>
/// <remarks>What is set here wins over the environment: a variable only decides what was left open.</remarks>
public sealed class EphemeralPostgresOptions
{
    /// <summary>The default of <see cref="DockerImage"/>: <c>postgres:17</c>.</summary>
    public const string DefaultDockerImage = "postgres:17";

    /// <summary>The default of <see cref="StartupTimeout"/>, in seconds: 120.</summary>
    public const int DefaultStartupTimeoutSeconds = 120;

    /// <summary>Gets or sets the ways that may be taken.</summary>
    /// <value><see langword="null"/> by default: every way, narrowed by <c>AISYSTEMSPEC_POSTGRES</c>.</value>
    /// <remarks>
    /// <c>AISYSTEMSPEC_POSTGRES</c> (<c>docker</c> or <c>local</c>) chooses between those two where both are allowed.
    /// A test that calls <see cref="EphemeralPostgres.CrashAsync"/> says <see cref="PostgresWays.OwnServer"/>.
    /// </remarks>
    public PostgresWays? Ways { get; set; }

    /// <summary>
    /// Gets or sets the server to make databases on: keywords (<c>Host=…;Username=…</c>) or a <c>postgresql://</c> address.
    /// </summary>
    /// <value><see langword="null"/> by default: <c>AISYSTEMSPEC_TEST_CONNECTION</c> is read.</value>
    /// <remarks>Its user needs the right to create databases. The database it names is never used.</remarks>
    public string? ConnectionString { get; set; }

    /// <summary>Gets or sets the folder that holds <c>initdb</c> and <c>postgres</c>.</summary>
    /// <value><see langword="null"/> by default: <c>AISYSTEMSPEC_PGBIN</c> is read, then the usual places are searched.</value>
    public string? BinariesFolder { get; set; }

    /// <summary>Gets or sets the image that a container is made from.</summary>
    /// <value><see cref="DefaultDockerImage"/> by default.</value>
    /// <remarks>It is pulled when the engine does not have it.</remarks>
    /// <exception cref="ArgumentException">The value is empty.</exception>
    public string DockerImage
    {
        get;
        set
        {
            ArgumentException.ThrowIfNullOrWhiteSpace(value);
            field = value;
        }
    } = DefaultDockerImage;

    /// <summary>Gets or sets how long each way may take until the server answers, an image's download included.</summary>
    /// <value><see cref="DefaultStartupTimeoutSeconds"/> seconds by default.</value>
    /// <remarks>A way that takes longer has failed, and the next one is tried.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">The value is zero or less.</exception>
    public TimeSpan StartupTimeout
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(value, TimeSpan.Zero);
            field = value;
        }
    } = TimeSpan.FromSeconds(DefaultStartupTimeoutSeconds);

    /// <summary>Gets the server's settings, for example <c>wal_level</c> = <c>logical</c>.</summary>
    /// <value>Empty by default.</value>
    /// <remarks>
    /// They win over the settings of the package itself (<c>max_connections</c> 200, <c>fsync</c> off, <c>synchronous_commit</c> on).
    /// A configured server cannot be given settings, so that way is not taken when there are any.
    /// </remarks>
    public IDictionary<string, string> Settings { get; } = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
}
