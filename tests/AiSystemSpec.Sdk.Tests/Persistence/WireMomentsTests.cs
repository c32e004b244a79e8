using AiSystemSpec.Sdk.Wire;

namespace AiSystemSpec.Sdk.Tests.Persistence;

public sealed class WireMomentsTests
{
    [Theory]
    [InlineData("2000-01-01T00:00:00Z", 0L)]
    [InlineData("2026-11-01T01:30:00.123456-04:00", 846_826_200_123_456L)]
    [InlineData("1999-12-31T23:59:59.9999999Z", -1L)] // ticks are cut towards the past
    [InlineData("0001-01-01T00:00:00.000001Z", -63_082_281_599_999_999L)]
    public void Moments_go_to_the_wire_in_microseconds(string moment, long expected) =>
        Assert.Equal(expected, WireMoments.ToMicroseconds(DateTimeOffset.Parse(moment, System.Globalization.CultureInfo.InvariantCulture)));

    [Fact]
    public void Moments_come_back_in_utc_as_they_went()
    {
        var moment = new DateTimeOffset(2026, 11, 1, 1, 30, 0, TimeSpan.FromHours(-4)).AddMicroseconds(7);

        var back = WireMoments.FromMicroseconds(WireMoments.ToMicroseconds(moment));

        Assert.Equal((moment.UtcTicks, TimeSpan.Zero), (back.Ticks, back.Offset));
    }

    [Fact]
    public void Infinities_are_the_first_and_the_last_moment()
    {
        Assert.Equal((long.MaxValue, long.MinValue), (WireMoments.ToMicroseconds(DateTimeOffset.MaxValue), WireMoments.ToMicroseconds(DateTimeOffset.MinValue)));
        Assert.Equal((DateTimeOffset.MaxValue, DateTimeOffset.MinValue), (WireMoments.FromMicroseconds(long.MaxValue), WireMoments.FromMicroseconds(long.MinValue)));
    }

    [Theory]
    [InlineData(9_223_371_331_199_999_999L)] // PostgreSQL's last, in the year 294276
    [InlineData(252_455_616_000_000_000L)] // 10000-01-01
    public void Moments_after_the_last_year_are_the_last_moment(long microseconds) =>
        Assert.Equal(DateTimeOffset.MaxValue, WireMoments.FromMicroseconds(microseconds));

    [Theory]
    [InlineData(-211_813_488_000_000_000L)] // PostgreSQL's first, in 4713 BC
    [InlineData(-63_082_281_600_000_001L)] // 1 BC
    public void Moments_before_the_first_year_are_the_first_moment(long microseconds) =>
        Assert.Equal(DateTimeOffset.MinValue, WireMoments.FromMicroseconds(microseconds));
}
