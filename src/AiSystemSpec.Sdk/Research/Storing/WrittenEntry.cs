namespace AiSystemSpec.Sdk.Research.Storing;

/// <summary>What the table made of an entry that was just written.</summary>
/// <param name="CreatedAt">Its moment.</param>
/// <param name="WrittenAt">When the statement began, by the database's clock.</param>
/// <param name="ReturnedAt">When it was done.</param>
/// <param name="HasOtherTopic">Whether it stands under another topic than the one given.</param>
/// <param name="HasOtherContent">Whether its content is not the one given.</param>
internal readonly record struct WrittenEntry(
    DateTimeOffset? CreatedAt, DateTimeOffset WrittenAt, DateTimeOffset ReturnedAt, bool HasOtherTopic, bool HasOtherContent)
{
    /// <summary>A moment cut to the minute is no reason to pay twice.</summary>
    private static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(1);

    /// <summary>Gets how far its moment lies off the clock, where that matters; negative for the past, and without an end for none.</summary>
    public TimeSpan? ClockError => CreatedAt switch
    {
        null => TimeSpan.MinValue,
        { } moment when moment < WrittenAt - Tolerance => moment - WrittenAt,
        { } moment when moment > ReturnedAt + Tolerance => moment - ReturnedAt,
        _ => null,
    };
}
