namespace AiSystemSpec.Sdk.Wire;

/// <summary>
/// Moments as PostgreSQL sends them: microseconds since the year 2000. Read and written so, they are the same whatever the host's data
/// source maps (NodaTime, JSON) and whatever <c>Npgsql.EnableLegacyTimestampBehavior</c> says, and far dates neither throw nor wrap.
/// </summary>
internal static class WireMoments
{
    private static readonly DateTimeOffset Epoch = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly long Latest = (DateTimeOffset.MaxValue.UtcTicks - Epoch.UtcTicks) / TimeSpan.TicksPerMicrosecond;
    private static readonly long Earliest = (DateTimeOffset.MinValue.UtcTicks - Epoch.UtcTicks) / TimeSpan.TicksPerMicrosecond;

    /// <summary>In UTC; what lies outside of .NET's years is the last or the first moment that there is.</summary>
    public static DateTimeOffset FromMicroseconds(long microseconds) =>
        microseconds >= Latest ? DateTimeOffset.MaxValue
        : microseconds <= Earliest ? DateTimeOffset.MinValue
        : Epoch.AddTicks(microseconds * TimeSpan.TicksPerMicrosecond);

    /// <summary>The last and the first moment are PostgreSQL's infinities, as Npgsql has it.</summary>
    public static long ToMicroseconds(DateTimeOffset moment) =>
        moment == DateTimeOffset.MaxValue ? long.MaxValue
        : moment == DateTimeOffset.MinValue ? long.MinValue
        : (moment.UtcTicks / TimeSpan.TicksPerMicrosecond) - (Epoch.UtcTicks / TimeSpan.TicksPerMicrosecond);
}
