using AiSystemSpec.Sdk.Runs.Formatting;

namespace AiSystemSpec.Sdk.Runs.Queue;

/// <summary>
/// Where background rows wait. Any number of callers add; one writer reads, oldest first, and releases what it has dealt with.
/// </summary>
internal interface IRowQueue : IDisposable
{
    /// <summary>Gets how many rows wait on disk, those of earlier processes included.</summary>
    long Spooled { get; }

    /// <summary>Gets how many rows wait, on disk or in memory.</summary>
    long Waiting { get; }

    /// <summary>Gets whether what waits survives the process.</summary>
    bool IsDurable { get; }

    /// <summary>Gets whether rows of an earlier process may still wait.</summary>
    bool HasEarlierRows { get; }

    /// <summary>Adds a row; returns why it was lost, null where it was not.</summary>
    string? Add(HandedOverRow row);

    /// <summary>
    /// Finds out what must be known of the database before rows of an earlier process may be read: whether they are its rows.
    /// </summary>
    /// <exception cref="Npgsql.NpgsqlException">The database is away.</exception>
    ValueTask PrepareAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Reads the oldest rows, which stay where they are. Until <see cref="Release"/>, what was read before comes first again in the same
    /// order, with as many behind it as the limits allow: a row that the database refuses is told from an outage by its neighbours.
    /// </summary>
    /// <param name="limit">The most rows.</param>
    /// <param name="maxBytes">
    /// The most bytes of content, as <see cref="StoredRow.Size"/> counts them; one row is returned however long it is.
    /// </param>
    IReadOnlyList<StoredRow> Peek(int limit, long maxBytes);

    /// <summary>Removes the rows that were read last.</summary>
    /// <returns>How many of them were added by this process.</returns>
    int Release();

    /// <summary>
    /// Keeps the offset of the database's clock with what waits, so that whoever writes it after this process's death keeps the rows'
    /// order.
    /// </summary>
    void RememberClock(long offset);

    /// <summary>Takes no more rows.</summary>
    /// <param name="unreleased">The rows that were read last: those that are written or set aside are not lost.</param>
    /// <returns>How many are lost thereby.</returns>
    int Close(IReadOnlyList<StoredRow> unreleased);
}
