namespace AiSystemSpec.Sdk.Specification;

/// <summary>The one way in which moments are written and compared.</summary>
internal static class Timestamps
{
    /// <summary>Normalises to UTC (Npgsql refuses other offsets) and cuts to microseconds (what PostgreSQL keeps).</summary>
    public static DateTimeOffset Normalize(DateTimeOffset value)
    {
        if (value == DateTimeOffset.MaxValue || value == DateTimeOffset.MinValue)
        {
            return value; // what Npgsql makes of PostgreSQL's infinity and -infinity
        }

        var ticks = value.UtcTicks;
        return new DateTimeOffset(ticks - (ticks % TimeSpan.TicksPerMicrosecond), TimeSpan.Zero);
    }
}
