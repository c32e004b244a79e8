namespace AiSystemSpec.Sdk.Time;

/// <summary>Waiting by a <see cref="TimeProvider"/>.</summary>
internal static class TimeProviderExtensions
{
    private static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(int.MaxValue);

    /// <summary>Waits; what a timer cannot count (24 days and more) waits as long as one can.</summary>
    public static Task Delay(this TimeProvider timeProvider, TimeSpan delay, CancellationToken cancellationToken) =>
        Task.Delay(delay > Longest ? Longest : delay, timeProvider, cancellationToken);
}
