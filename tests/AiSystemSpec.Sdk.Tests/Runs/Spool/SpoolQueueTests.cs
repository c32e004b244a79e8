using AiSystemSpec.Sdk.Diagnostics;
using AiSystemSpec.Sdk.Runs.Formatting;
using AiSystemSpec.Sdk.Runs.Queue;
using AiSystemSpec.Sdk.Runs.Spool;
using Microsoft.Extensions.Logging.Abstractions;

namespace AiSystemSpec.Sdk.Tests.Runs.Spool;

/// <summary>Rows that the disk did not take.</summary>
public sealed class SpoolQueueTests : IDisposable
{
    private readonly SetClock _clock = new();
    private readonly string _directory = Directory.CreateTempSubdirectory("aispec-queue-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void Row_that_the_disk_does_not_take_keeps_its_id_and_moment_in_memory()
    {
        using var queue = Queue(maxBytes: 1);
        var row = Row(1);
        Assert.Null(queue.Add(row));
        Assert.Equal((0, 1), (queue.Spooled, queue.Waiting));
        var read = Assert.Single(queue.Peek(10, long.MaxValue));
        Assert.Equal((row.Id, row.Moment), (read.Id, read.Moment));
    }

    [Fact]
    public void Row_in_memory_that_is_dealt_with_goes_to_no_disk_at_the_end()
    {
        File.WriteAllText(Path.Combine(_directory, "spool"), "a file where the folder should be");
        using var queue = Queue(maxBytes: 1 << 20);
        for (var number = 1; number <= 3; number++)
        {
            var row = Row(number);
            Assert.Null(queue.Add(row));
        }

        var rows = queue.Peek(10, long.MaxValue);
        Assert.Equal([1, 2, 3], rows.Select(row => row.Attempts));
        rows[1].IsDone = true;
        File.Delete(Path.Combine(_directory, "spool"));
        _clock.Now += TimeSpan.FromMinutes(1);

        Assert.Equal(0, queue.Close(rows));
        Assert.Equal((2, 2), (queue.Spooled, queue.Waiting));
        Assert.Equal([1, 3], queue.Peek(10, long.MaxValue).Select(row => row.Attempts));
    }

    [Fact]
    public void Row_in_memory_that_is_dealt_with_is_not_lost_at_the_end()
    {
        using var queue = Queue(maxBytes: 1);
        for (var number = 1; number <= 3; number++)
        {
            var row = Row(number);
            Assert.Null(queue.Add(row));
        }

        var rows = queue.Peek(10, long.MaxValue);
        (rows[0].IsDone, rows[2].IsDone) = (true, true);
        Assert.Equal(1, queue.Close(rows));
    }

    private static HandedOverRow Row(int number) => new() { RunId = "r", Stage = "s", Status = "success", Attempts = number };

    private SpoolQueue Queue(long maxBytes)
    {
        var directory = Path.Combine(_directory, "spool");
        var state = new RunLogState(NullLogger.Instance, _clock, new RunInstruments("test"));
        return new SpoolQueue(
            directory,
            new RunLogOptions { SpoolDirectory = directory, SpoolMaxBytes = maxBytes },
            new KnownIdentity("postgresql://u@h:5432/d", database: null!),
            new SetAsideFile(directory, maxBytes, "postgresql://u@h:5432/d", state, NullLogger.Instance),
            new TimeOrderedIds(_clock),
            new RowFormatter([], NullLogger.Instance),
            state,
            _clock,
            NullLogger.Instance);
    }
}
