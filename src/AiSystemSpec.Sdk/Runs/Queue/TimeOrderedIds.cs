using System.Buffers.Binary;
using System.Security.Cryptography;
using AiSystemSpec.Sdk.Runs.Formatting;

namespace AiSystemSpec.Sdk.Runs.Queue;

/// <summary>
/// Assigns each row its moment and its id (UUID version 7), both strictly increasing within the process, so that rows handed over in one
/// microsecond keep their order under <c>ORDER BY created_at, id</c>.
/// </summary>
/// <remarks>
/// <see cref="Guid.CreateVersion7()"/> is random within a millisecond and asks the system for random bytes each time;
/// here the microseconds follow the milliseconds (RFC 9562, method 3) and random bytes come in blocks.
/// </remarks>
internal sealed class TimeOrderedIds(TimeProvider timeProvider)
{
    // A clock that was set back by more than this is believed; less is jitter, and order matters more.
    private const long BelievedStepBack = TimeSpan.TicksPerSecond;

    private readonly Lock _lock = new();
    private readonly byte[] _random = new byte[4_096];
    private int _used = 4_096;
    private long _last;

    /// <summary>Assigns a row's moment, and its id unless the caller gave one.</summary>
    public void Assign(HandedOverRow row)
    {
        lock (_lock)
        {
            row.Moment = NextMoment();
            row.Id = row.HasCallersId ? row.Id : IdOf(row.Moment);
        }
    }

    public Guid NewId()
    {
        lock (_lock)
        {
            return IdOf(NextMoment());
        }
    }

    /// <summary>The process's clock in ticks of UTC, whole microseconds.</summary>
    private long NextMoment()
    {
        var now = timeProvider.GetUtcNow().UtcTicks;
        now -= now % TimeSpan.TicksPerMicrosecond;
        _last = now > _last || now < _last - BelievedStepBack ? now : _last + TimeSpan.TicksPerMicrosecond;
        return _last;
    }

    private Guid IdOf(long moment)
    {
        Span<byte> bytes = stackalloc byte[16];
        var (milliseconds, rest) = Math.DivRem(moment - DateTime.UnixEpoch.Ticks, TimeSpan.TicksPerMillisecond);
        var microseconds = rest / TimeSpan.TicksPerMicrosecond;
        BinaryPrimitives.WriteInt64BigEndian(bytes, (milliseconds << 16) | 0x7000 | microseconds);
        NextRandom().CopyTo(bytes[8..]);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes, bigEndian: true);
    }

    private ReadOnlySpan<byte> NextRandom()
    {
        if (_used == _random.Length)
        {
            RandomNumberGenerator.Fill(_random);
            _used = 0;
        }

        _used += sizeof(long);
        return _random.AsSpan(_used - sizeof(long), sizeof(long));
    }
}
