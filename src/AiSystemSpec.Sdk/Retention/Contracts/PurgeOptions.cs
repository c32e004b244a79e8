namespace AiSystemSpec.Sdk;

/// <summary>How a purge is run; what it deletes is said by <see cref="RetentionOptions"/>.</summary>
public sealed record PurgeOptions
{
    /// <summary>Gets whether only to count, at this moment, the rows that would be deleted.</summary>
    /// <value><see langword="false"/> by default.</value>
    public bool DryRun { get; init; }

    /// <summary>Gets the path of a file to which each row is written before it is deleted. There must be no such file yet.</summary>
    /// <value><see langword="null"/> by default: nothing is written.</value>
    /// <remarks>
    /// <para>UTF-8, an object <c>{"table":…,"row":…}</c> a line, the row as <c>row_to_json</c> writes it. Only its owner may read
    /// it.</para>
    /// <para>
    /// A batch is on the disk before its transaction commits, and is taken back where it does not. Where the process is killed, or the
    /// server never answers again, the last batch may be in the file and in the database. No file is left where nothing was deleted.
    /// </para>
    /// </remarks>
    public string? ExportFile { get; init; }
}
