namespace AiSystemSpec.Sdk.Research.Flights;

/// <summary>
/// Leaves a topic alone for a while after its research failed in the background, and for twice as long after each further failure: nobody
/// waits for such a research and sees what it costs. Remembers a bounded number of topics.
/// </summary>
internal sealed class BackgroundPauses(ResearchClock clock)
{
    public const int Capacity = 1_000;

    public static readonly TimeSpan First = TimeSpan.FromSeconds(5);
    public static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);

    /// <summary>So long after a pause a failure is a new one.</summary>
    private static readonly TimeSpan ForgottenAfter = TimeSpan.FromHours(1);

    private readonly Lock _sync = new();
    private readonly Dictionary<string, Pause> _byTopic = new(StringComparer.Ordinal);

    /// <summary>Whether the topic is to be left alone.</summary>
    /// <param name="topic">The topic.</param>
    /// <param name="error">Why, where it was an error.</param>
    public bool IsPausing(string topic, out Exception? error)
    {
        lock (_sync)
        {
            var isPausing = _byTopic.TryGetValue(topic, out var pause) && !IsOver(pause);
            error = isPausing ? pause!.Error : null;
            return isPausing;
        }
    }

    public void NoteFailure(string topic, Exception? error)
    {
        lock (_sync)
        {
            var isAgain = _byTopic.TryGetValue(topic, out var before) && clock.Elapsed(before.Since) < before.Length + ForgottenAfter;
            var length = isAgain ? Shorter(before!.Length * 2, Longest) : First;
            if (before is null && _byTopic.Count >= Capacity)
            {
                MakeRoom();
            }

            _byTopic[topic] = new Pause(clock.Timestamp, length, error);
        }
    }

    public void NoteSuccess(string topic)
    {
        lock (_sync)
        {
            _ = _byTopic.Remove(topic);
        }
    }

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private bool IsOver(Pause pause) => clock.Elapsed(pause.Since) >= pause.Length;

    private void MakeRoom()
    {
        foreach (var topic in _byTopic.Where(pair => IsOver(pair.Value)).Select(pair => pair.Key).ToList())
        {
            _ = _byTopic.Remove(topic);
        }

        if (_byTopic.Count >= Capacity)
        {
            _ = _byTopic.Remove(_byTopic.MinBy(pair => pair.Value.Length - clock.Elapsed(pair.Value.Since)).Key);
        }
    }

    private sealed record Pause(long Since, TimeSpan Length, Exception? Error);
}
