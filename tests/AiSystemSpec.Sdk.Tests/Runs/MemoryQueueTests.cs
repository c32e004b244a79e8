using AiSystemSpec.Sdk.Runs.Formatting;
using AiSystemSpec.Sdk.Runs.Queue;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit.Abstractions;

namespace AiSystemSpec.Sdk.Tests.Runs;

public sealed class MemoryQueueTests(ITestOutputHelper output)
{
    private readonly RowFormatter _formatter = new([], NullLogger.Instance);

    [Fact]
    public void Rows_come_out_in_order_and_once()
    {
        var queue = Queue(capacity: 10_000);
        var (added, taken) = (0, new List<int>());
        var random = new Random(RandomSeed.Take(output.WriteLine));
        while (taken.Count < 5_000)
        {
            for (var count = random.Next(0, 700); count > 0; count--)
            {
                Assert.Null(Add(queue, ++added));
            }

            var rows = queue.Peek(random.Next(1, 600), long.MaxValue);
            Assert.Equal(rows.Select(row => row.Attempts), queue.Peek(rows.Count, long.MaxValue).Select(row => row.Attempts)); // they stay until they are released
            taken.AddRange(rows.Select(row => row.Attempts));
            Assert.Equal(rows.Count, queue.Release());
            Assert.Equal(added - taken.Count, queue.Waiting);
        }

        Assert.Equal(Enumerable.Range(1, taken.Count), taken);
    }

    [Fact]
    public void Capacity_holds_rows_that_are_being_written_too()
    {
        var queue = Queue(capacity: 3);
        Assert.All([1, 2, 3], number => Assert.Null(Add(queue, number)));
        Assert.Equal("queue_full", Add(queue, 4));
        Assert.Equal(2, queue.Peek(2, long.MaxValue).Count);
        Assert.Equal("queue_full", Add(queue, 4));
        _ = queue.Release();
        Assert.Null(Add(queue, 4));
    }

    [Fact]
    public void Peek_stops_at_the_bytes_it_may_read_but_returns_one_row_at_least()
    {
        var queue = Queue(capacity: 10);
        Assert.All([1, 2, 3, 4], number => Assert.Null(Add(queue, number, new string('e', 1_000))));

        Assert.Equal(2, queue.Peek(10, 3_000).Count);
        Assert.Equal(4, queue.Peek(10, 100_000).Count);
        Assert.Equal([1], queue.Peek(10, 1).Select(row => row.Attempts));
        Assert.Equal(1, queue.Release());
        Assert.Equal([2, 3], queue.Peek(2, 100_000).Select(row => row.Attempts));
    }

    [Fact]
    public void Closed_queue_says_what_is_lost_and_takes_no_more()
    {
        var queue = Queue(capacity: 3);
        _ = Add(queue, 1);
        Assert.Equal(1, queue.Close(0));
        Assert.NotNull(Add(queue, 2));
    }

    private static string? Add(MemoryQueue queue, int number, string? errorSummary = null)
    {
        var row = new HandedOverRow { RunId = "r", Stage = "s", Status = "success", Attempts = number, ErrorSummary = errorSummary };
        return queue.Add(row);
    }

    private MemoryQueue Queue(int capacity) => new(capacity, new TimeOrderedIds(new SetClock()), _formatter);
}
