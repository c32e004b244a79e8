using AiSystemSpec.Sdk.Wire;

namespace AiSystemSpec.Sdk.Runs.Formatting;

/// <summary>A row as it goes into the table: text and JSON are safe, and as long as they may be.</summary>
internal sealed class StoredRow
{
    private const int FixedSize = 100; // ids, numbers and lengths

    public required Guid Id { get; set; }

    public required string RunId { get; init; }

    public required string Stage { get; init; }

    public required string Status { get; init; }

    public required int Attempts { get; init; }

    public byte[]? InputRefs { get; init; }

    public byte[]? OutputRefs { get; init; }

    public string? ErrorSummary { get; init; }

    public byte[]? Metrics { get; init; }

    /// <summary>
    /// The metrics of a direct write as the call had them, where they are numbers only: nothing in them is redacted or cut.
    /// </summary>
    public StageMetrics? PlainMetrics { get; init; }

    /// <summary>When the row was handed over, by the process's clock, ticks of UTC.</summary>
    public long Moment { get; set; }

    /// <summary>The offset of the database's clock, in ticks, where an earlier process measured it for this row.</summary>
    public long? ClockOffset { get; set; }

    /// <summary>The moment that the caller gave.</summary>
    public DateTime? GivenCreatedAt { get; init; }

    /// <summary>
    /// The moment that is written: the caller's, or that of the hand-over on the database's clock. Set once, so that a retry writes the
    /// same.
    /// </summary>
    public DateTime? CreatedAt { get; set; }

    /// <summary>Gets <see cref="CreatedAt"/> as it goes over the wire.</summary>
    public long? WireMoment => CreatedAt is { } moment ? WireMoments.ToMicroseconds(new DateTimeOffset(moment)) : null;

    /// <summary>Whether the table may have the row already: its id is the caller's, or it was sent before.</summary>
    public bool MayExist { get; set; }

    /// <summary>Gets whether the id is the caller's: another row may stand under it. One that was made here is this row's alone.</summary>
    public bool HasCallersId { get; init; }

    /// <summary>How often rows had gone into the table when this one failed first, alone or with others; null where it never did.</summary>
    public long? FailedAt { get; set; }

    /// <summary>How often the row failed alone.</summary>
    public int LoneFailures { get; set; }

    /// <summary>Gets about how many bytes the row takes on its way to the server.</summary>
    public int Size => FixedSize + RunId.Length + Stage.Length + Status.Length + (ErrorSummary?.Length ?? 0)
        + (InputRefs?.Length ?? 0) + (OutputRefs?.Length ?? 0) + (Metrics?.Length ?? 0);

    /// <summary>Whether the row was read from the disk, and stays there until it is released.</summary>
    public bool IsSpooled { get; set; }

    /// <summary>Whether the row is written or set aside: a repeated batch leaves it out.</summary>
    public bool IsDone { get; set; }
}
