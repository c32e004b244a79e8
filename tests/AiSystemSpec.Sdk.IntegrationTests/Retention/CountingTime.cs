namespace AiSystemSpec.Sdk.IntegrationTests.Retention;

/// <summary>A time in which every wait ends at once and is noted.</summary>
internal sealed class CountingTime(Action<int>? onWait = null) : TimeProvider
{
    private readonly List<TimeSpan> _waits = [];

    public IReadOnlyList<TimeSpan> Waits => _waits;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        _waits.Add(dueTime);
        onWait?.Invoke(_waits.Count);
        return base.CreateTimer(callback, state, TimeSpan.Zero, period);
    }
}
