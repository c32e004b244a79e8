using System.Text.RegularExpressions;

namespace AiSystemSpec.Sdk;

/// <summary>How rows are written in the background.</summary>
public sealed class RunLogOptions
{
    /// <summary>The default of <see cref="QueueCapacity"/>.</summary>
    public const int DefaultQueueCapacity = 10_000;

    /// <summary>The default of <see cref="SpoolMaxBytes"/>: 1 GiB.</summary>
    public const long DefaultSpoolMaxBytes = 1L << 30;

    /// <summary>Gets or sets how many rows wait in memory at the most.</summary>
    /// <value>10,000 by default.</value>
    /// <remarks>What does not fit is counted as lost: a metric, the health check and the log show it.</remarks>
    public int QueueCapacity { get; set; } = DefaultQueueCapacity;

    /// <summary>Gets or sets the folder in which rows wait while the database is away.</summary>
    /// <value><see langword="null"/> by default: no spool.</value>
    /// <remarks>
    /// With it a row survives the death of the process from the moment that its call returns; without it, such a death costs the rows
    /// that wait. Processes may share the folder, also on several machines: each writes in one of its own below it, and replays those of
    /// dead ones whose rows are meant for the same database: the server says so, or the configured hosts, database, user and service key
    /// are the same and the database's id is not another. Others are left alone, logged, and shown by <c>aispec spool list</c>. A
    /// physical copy of a database cannot be told from a failover. Rows that the database refuses for their own sake are kept in
    /// <c>set-aside.jsonl</c>, what cannot be read in files named <c>damaged-…</c>. What the disk does not take waits in memory. Files
    /// are readable by their owner only.
    /// </remarks>
    public string? SpoolDirectory { get; set; }

    /// <summary>Gets or sets the most bytes that the spool takes on disk.</summary>
    /// <value>1 GiB by default.</value>
    /// <remarks>Rows beyond it, and rows that a full disk does not take, wait in memory, up to <see cref="QueueCapacity"/>.</remarks>
    public long SpoolMaxBytes { get; set; } = DefaultSpoolMaxBytes;

    /// <summary>Gets or sets whether each spooled row is forced to the disk, so that it survives a crash of the whole machine.</summary>
    /// <value><see langword="false"/> by default: such a crash may cost the last second.</value>
    public bool SpoolFsync { get; set; }

    /// <summary>
    /// Gets or sets patterns of secrets to redact, beside the well-known forms: what a pattern matches is replaced by <c>[redacted]</c>.
    /// </summary>
    /// <value>Empty by default.</value>
    /// <remarks>
    /// No pattern holds up the run log: one without a match timeout, or with a longer one than 250 ms, is built again as
    /// <see cref="RegexOptions.NonBacktracking"/>, or with that timeout where it looks around or refers back; all of them have one second
    /// for a text or JSON value. A text that could not be searched in time is replaced by <c>[redacted: it could not be searched in
    /// time]</c>, an id by its hash. Readers need the same patterns to find a run by an id that one of them changed.
    /// </remarks>
    public IList<Regex> Redactions { get; set; } = [];
}
