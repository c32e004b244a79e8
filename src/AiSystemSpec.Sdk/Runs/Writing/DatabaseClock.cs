using AiSystemSpec.Sdk.Connections;
using Npgsql;

namespace AiSystemSpec.Sdk.Runs.Writing;

/// <summary>
/// The database's clock as far as known: the process's clock and the offset between the two, measured with each batch.
/// Used by one writer at a time.
/// </summary>
internal sealed class DatabaseClock(Database database, TimeProvider timeProvider)
{
    // A measurement is off by up to half a round trip: rows must not swap places for that.
    private static readonly long Tolerance = TimeSpan.TicksPerSecond;

    private long _offset;
    private long _last;

    public async Task MeasureAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        using var command = database.CreateCommand(connection, RunSql.Clock);
        var before = timeProvider.GetUtcNow().UtcTicks;
        var there = (DateTime)(await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false))!;
        var after = timeProvider.GetUtcNow().UtcTicks;
        var offset = there.Ticks - (before + ((after - before) / 2));
        _offset = offset - (offset % TimeSpan.TicksPerMicrosecond);
    }

    /// <summary>Maps a moment of the process's clock; increasing moments stay increasing, whatever the measurements' errors.</summary>
    public DateTime Map(long moment)
    {
        var mapped = moment + _offset;
        if (mapped <= _last && mapped > _last - Tolerance)
        {
            mapped = _last + TimeSpan.TicksPerMicrosecond;
        }

        _last = mapped;
        return new DateTime(mapped, DateTimeKind.Utc);
    }
}
