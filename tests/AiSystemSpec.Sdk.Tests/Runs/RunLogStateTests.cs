using AiSystemSpec.Sdk.Diagnostics;
using AiSystemSpec.Sdk.Runs.Queue;
using Microsoft.Extensions.Logging;

namespace AiSystemSpec.Sdk.Tests.Runs;

public sealed class RunLogStateTests
{
    private readonly SetClock _clock = new();
    private readonly Messages _messages = [];

    [Fact]
    public void Burst_of_losses_is_logged_once_and_shows_for_a_minute()
    {
        var state = new RunLogState(_messages, _clock, new RunInstruments("test"));
        Assert.False(state.HasLostLately);
        for (var loss = 0; loss < 1_000; loss++)
        {
            state.CountLost(1, "queue_full");
            _clock.Now += TimeSpan.FromMilliseconds(100);
        }

        Assert.True(state.HasLostLately);
        Assert.Contains("queue_full", Assert.Single(_messages), StringComparison.Ordinal);
        _clock.Now += RunLogState.LossShowsFor;
        Assert.False(state.HasLostLately);
        state.CountLost(1, "queue_full");
        Assert.Equal(2, _messages.Count);
        Assert.Equal(1_001, state.Lost);
    }

    private sealed class Messages : List<string>, ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Add(formatter(state, exception));
    }
}
