namespace AiSystemSpec.Sdk.Research.Table;

/// <summary>
/// The schema's freshness rule, written once: <c>created_at &gt; now() - maxAge</c>, both moments from the database's clock, to the
/// microsecond. Ages are compared rather than moments, so that an age that reaches before year 1 needs no special case.
/// </summary>
internal static class Freshness
{
    public static bool IsFresh(DateTimeOffset? createdAt, DateTimeOffset databaseNow, TimeSpan maxAge) =>
        createdAt is { } moment && databaseNow - moment < maxAge;

    /// <summary>
    /// Why a topic's newest entry, as it was seen, is not to be served at this age; <see cref="MissReason.None"/> where it is.
    /// </summary>
    public static MissReason MissReasonOf(Observation? seen, TimeSpan maxAge) =>
        seen is null || seen.IsBlank ? MissReason.Absent : seen.IsFresh(maxAge) ? MissReason.None : MissReason.Expired;

    /// <summary>An empty content, or one of white space only, counts as no content.</summary>
    public static bool IsBlank(string? content) => string.IsNullOrWhiteSpace(content);

    public static void ThrowIfNotPositive(TimeSpan? maxAge, string argumentName)
    {
        if (maxAge is { } age && age <= TimeSpan.Zero)
        {
            throw new ArgumentOutOfRangeException(argumentName, age, "The age must be more than zero. Leave it out for the default, or use ResearchOptions.ForceRefresh for new research.");
        }
    }
}
