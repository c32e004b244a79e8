using AiSystemSpec.Sdk.Diagnostics;
using AiSystemSpec.Sdk.Runs.Formatting;
using AiSystemSpec.Sdk.Runs.Queue;
using AiSystemSpec.Sdk.Runs.Writing;
using Microsoft.Extensions.Logging.Abstractions;

namespace AiSystemSpec.Sdk.Tests.Runs;

public sealed class BackgroundWriterTests
{
    [Fact]
    public async Task StopAsync_while_the_writer_looks_at_an_empty_queue_has_it_look_again()
    {
        using var queue = new HeldQueue();
        var state = new RunLogState(NullLogger.Instance, TimeProvider.System, new RunInstruments("test"));
        await using var writer = new BackgroundWriter(queue, batches: null!, new FlushWaiters(), state, () => 0, TimeProvider.System, NullLogger.Instance);
        await queue.IsLooking.Task.WaitAsync(TimeSpan.FromSeconds(30));

        var stopping = writer.StopAsync(TimeSpan.FromSeconds(30)); // what was handed over just before is not in what the writer is about to see
        queue.GoOn.Set();
        await stopping;

        Assert.Equal(2, queue.Looks);
    }

    /// <summary>An empty queue whose first look lasts until it is told to go on.</summary>
    private sealed class HeldQueue : IRowQueue
    {
        public TaskCompletionSource IsLooking { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public ManualResetEventSlim GoOn { get; } = new();

        public int Looks { get; private set; }

        public long Spooled => 0;

        public long Waiting => 0;

        public bool IsDurable => false;

        public bool HasEarlierRows => false;

        public string? Add(HandedOverRow row) => throw new NotSupportedException();

        public ValueTask PrepareAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

        public IReadOnlyList<StoredRow> Peek(int limit, long maxBytes)
        {
            Looks++;
            IsLooking.TrySetResult();
            GoOn.Wait();
            return [];
        }

        public int Release() => 0;

        public void RememberClock(long offset) => throw new NotSupportedException();

        public int Close(IReadOnlyList<StoredRow> unreleased) => 0;

        public void Dispose() => GoOn.Dispose();
    }
}
