namespace AiSystemSpec.Sdk.IntegrationTests.Failover;

/// <summary>A time in which waits and measured times are over many times sooner than on the wall.</summary>
internal sealed class FastTime(int factor) : TimeProvider
{
    public override long TimestampFrequency => base.TimestampFrequency / factor;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        base.CreateTimer(callback, state, Shorten(dueTime), Shorten(period));

    private TimeSpan Shorten(TimeSpan time) => time > TimeSpan.Zero ? time / factor : time; // Timeout.InfiniteTimeSpan is negative
}
