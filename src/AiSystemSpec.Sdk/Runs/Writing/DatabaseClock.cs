using AiSystemSpec.Sdk.Connections;
using AiSystemSpec.Sdk.Runs.Queue;
using Npgsql;

namespace AiSystemSpec.Sdk.Runs.Writing;

/// <summary>
/// The database's clock as far as known: the process's clock and the offset between the two, measured with each batch.
/// Used by one writer at a time.
/// </summary>
internal sealed class DatabaseClock(Database database, TimeProvider timeProvider, IRowQueue queue)
{
    // A measurement is off by up to half a round trip. What lies within that is no news: rows must not swap places for it.
    private const long SmallestChange = 5 * TimeSpan.TicksPerMillisecond;
    private const long LargestStep = TimeSpan.TicksPerSecond;

    private long? _offset;
    private long _last;

    public async Task MeasureAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        using var command = database.CreateCommand(connection, RunSql.Clock);
        var before = timeProvider.GetUtcNow().UtcTicks;
        var there = (DateTime)(await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false))!;
        var after = timeProvider.GetUtcNow().UtcTicks;
        var offset = there.Ticks - (before + ((after - before) / 2));
        if (_offset is not { } known || Math.Abs(offset - known) > Math.Max(SmallestChange, after - before))
        {
            _offset = offset - (offset % TimeSpan.TicksPerMicrosecond);
            queue.RememberClock(_offset.Value);
        }
    }

    /// <summary>The row's moment on the database's clock; increasing moments stay increasing, also where the offset changes a little.</summary>
    public DateTime Map(StoredRow row)
    {
        var mapped = row.Moment + (row.ClockOffset ?? _offset ?? 0);
        if (mapped <= _last && mapped > _last - LargestStep)
        {
            mapped = _last + TimeSpan.TicksPerMicrosecond;
        }

        _last = mapped;
        return new DateTime(mapped, DateTimeKind.Utc);
    }
}
