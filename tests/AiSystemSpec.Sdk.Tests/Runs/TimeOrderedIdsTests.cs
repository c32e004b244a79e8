using AiSystemSpec.Sdk.Runs.Formatting;
using AiSystemSpec.Sdk.Runs.Queue;

namespace AiSystemSpec.Sdk.Tests.Runs;

public sealed class TimeOrderedIdsTests
{
    private readonly SetClock _clock = new();
    private readonly TimeOrderedIds _ids;

    public TimeOrderedIdsTests() => _ids = new TimeOrderedIds(_clock);

    [Fact]
    public void Moments_and_ids_increase_though_the_clock_stands()
    {
        var rows = Enumerable.Range(0, 5_000).Select(_ => Next()).ToList();
        Assert.Equal(rows.Count, rows.Select(row => row.Id).Distinct().Count());
        Assert.Equal(rows, rows.OrderBy(row => row.Moment));
        Assert.Equal(rows, rows.OrderBy(row => Convert.ToHexString(row.Id.ToByteArray(bigEndian: true)), StringComparer.Ordinal));
        Assert.All(rows, row => Assert.Equal((7, 8), (row.Id.Version, row.Id.Variant & 0xC)));
        Assert.Equal(_clock.Now.ToUnixTimeMilliseconds(), Convert.ToInt64(rows[0].Id.ToString("N")[..12], 16));
    }

    [Fact]
    public void Clock_that_is_set_back_far_is_believed_and_jitter_is_not()
    {
        var first = Next();
        _clock.Now -= TimeSpan.FromMilliseconds(20);
        var jitter = Next();
        Assert.True(jitter.Moment > first.Moment);
        _clock.Now -= TimeSpan.FromHours(1);
        Assert.Equal(_clock.Now.UtcTicks, Next().Moment);
    }

    [Fact]
    public void Id_of_the_callers_is_kept()
    {
        var id = Guid.NewGuid();
        var row = Row(id);
        _ids.Assign(row);
        Assert.Equal(id, row.Id);
    }

    private (Guid Id, long Moment) Next()
    {
        var row = Row(id: null);
        _ids.Assign(row);
        return (row.Id, row.Moment);
    }

    private static HandedOverRow Row(Guid? id) => new()
    {
        Id = id.GetValueOrDefault(),
        HasCallersId = id is not null,
        RunId = "run-1",
        Stage = "research",
        Status = "success",
        Attempts = 1,
    };
}
