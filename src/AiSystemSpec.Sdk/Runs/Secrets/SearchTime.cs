namespace AiSystemSpec.Sdk.Runs.Secrets;

/// <summary>
/// How long the host's patterns may take in all for one text or one JSON value: a time limit of each search alone would add up. Once it
/// is over, what is left is not searched, and not stored either.
/// </summary>
internal sealed class SearchTime(TimeProvider timeProvider)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(1);

    private TimeSpan _spent;
    private long _start;

    /// <summary>Gets whether the time is over; only what passes between <see cref="Start"/> and <see cref="Stop"/> counts.</summary>
    public bool IsOver => _spent > Limit || (_start != 0 && _spent + timeProvider.GetElapsedTime(_start) > Limit);

    public void Start() => _start = timeProvider.GetTimestamp();

    public void Stop()
    {
        _spent += timeProvider.GetElapsedTime(_start);
        _start = 0;
    }
}
