namespace AiSystemSpec.Sdk.Research.Table;

/// <summary>A topic's newest entry as it was seen, with the database's clock at that moment.</summary>
internal sealed record Observation(ResearchEntry Entry, DateTimeOffset SeenAt)
{
    /// <summary>Gets the entry's age; never negative, and unbounded for an entry without a moment.</summary>
    public TimeSpan Age => Entry.CreatedAt is { } createdAt
        ? TimeSpan.FromTicks(Math.Max(0, (SeenAt - createdAt).Ticks))
        : TimeSpan.MaxValue;

    public bool IsBlank => Freshness.IsBlank(Entry.Content);

    public bool IsFresh(TimeSpan maxAge) => Freshness.IsFresh(Entry.CreatedAt, SeenAt, maxAge);

    /// <summary>Copies the entry, so that callers who share an observation do not share an object that they may change.</summary>
    public Observation Copy() => this with
    {
        Entry = new ResearchEntry { Id = Entry.Id, Topic = Entry.Topic, Content = Entry.Content, CreatedAt = Entry.CreatedAt },
    };
}
