using AiSystemSpec.Sdk.Runs.Formatting;
using AiSystemSpec.Sdk.Runs.Queue;

namespace AiSystemSpec.Sdk.Runs.Writing;

/// <summary>
/// The database's clock as far as known: the process's clock and the offset between the two, measured with each batch.
/// Used by one writer at a time.
/// </summary>
internal sealed class DatabaseClock(TimeProvider timeProvider, IRowQueue queue)
{
    // A measurement is off by up to half a round trip. What lies within that is no news: rows must not swap places for it.
    private const long SmallestChange = 5 * TimeSpan.TicksPerMillisecond;
    private const long LargestStep = TimeSpan.TicksPerSecond;

    private long? _offset;
    private long _last;

    /// <summary>Gets the process's clock, in ticks of UTC.</summary>
    public long Now => timeProvider.GetUtcNow().UtcTicks;

    /// <summary>Takes a measurement.</summary>
    /// <param name="before">The process's clock when the question was sent.</param>
    /// <param name="there">The database's clock.</param>
    public void Note(long before, long there)
    {
        var after = Now;
        var offset = there - (before + ((after - before) / 2));
        if (_offset is not { } known || Math.Abs(offset - known) > Math.Max(SmallestChange, after - before))
        {
            _offset = offset - (offset % TimeSpan.TicksPerMicrosecond);
            queue.RememberClock(_offset.Value);
        }
    }

    /// <summary>
    /// The row's moment on the database's clock; increasing moments stay increasing, also where the offset changes a little.
    /// </summary>
    public DateTime Map(StoredRow row)
    {
        var mapped = row.Moment + (row.ClockOffset ?? _offset ?? 0);
        if (mapped <= _last && mapped > _last - LargestStep)
        {
            mapped = _last + TimeSpan.TicksPerMicrosecond;
        }

        _last = Math.Clamp(mapped, DateTime.MinValue.Ticks, DateTime.MaxValue.Ticks); // a host's clock may say anything
        return new DateTime(_last, DateTimeKind.Utc);
    }
}
