using AiSystemSpec.Sdk.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AiSystemSpec.Sdk.Tests.Retention;

public sealed class RetentionServiceTests
{
    private static readonly RetentionOptions Options = new() { RunAge = TimeSpan.FromDays(1), Interval = TimeSpan.FromMinutes(7) };

    [Fact]
    public async Task Service_goes_on_at_the_next_interval_after_an_error()
    {
        var (retention, time, log) = (new FailingRetention(failures: 2), new InstantTime(), new ListLogger());
        using var service = new RetentionService(retention, Options, time, log);
        await service.StartAsync(CancellationToken.None);
        await retention.Third.Task.WaitAsync(TimeSpan.FromSeconds(30));
        await service.StopAsync(CancellationToken.None);
        Assert.Equal([(LogLevel.Error, 5003), (LogLevel.Error, 5003)], log.Entries);
        Assert.Equal([Options.Interval, Options.Interval], time.Waits);
    }

    [Fact]
    public async Task Service_stops_while_it_purges_without_an_error()
    {
        var (retention, log) = (new FailingRetention(failures: 2), new ListLogger());
        using var service = new RetentionService(retention, Options, new InstantTime(), log);
        await service.StartAsync(CancellationToken.None);
        await retention.Third.Task.WaitAsync(TimeSpan.FromSeconds(30));
        await service.StopAsync(CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal(2, log.Entries.Count);
    }

    [Fact]
    public async Task Service_without_rules_says_so_and_does_nothing()
    {
        var (retention, log) = (new FailingRetention(failures: 9), new ListLogger());
        using var service = new RetentionService(retention, new RetentionOptions(), new InstantTime(), log);
        await service.StartAsync(CancellationToken.None);
        await service.ExecuteTask!.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal([(LogLevel.Warning, 5004)], log.Entries);
        Assert.Equal(0, retention.Calls);
    }

    /// <summary>Fails a few times, and then purges until it is cancelled.</summary>
    private sealed class FailingRetention(int failures) : IRetention
    {
        public TaskCompletionSource Third { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public int Calls { get; private set; }

        public async Task<RetentionResult> PurgeAsync(
            RetentionOptions options, PurgeOptions? purge = null, CancellationToken cancellationToken = default)
        {
            Assert.Null(purge);
            if (++Calls <= failures)
            {
                throw new InvalidOperationException("down");
            }

            Third.SetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
            return new RetentionResult();
        }
    }

    /// <summary>A time in which every wait ends at once and is noted.</summary>
    private sealed class InstantTime : TimeProvider
    {
        public List<TimeSpan> Waits { get; } = [];

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            Waits.Add(dueTime);
            return base.CreateTimer(callback, state, TimeSpan.Zero, period);
        }
    }

    private sealed class ListLogger : ILogger
    {
        public List<(LogLevel Level, int EventId)> Entries { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Entries.Add((logLevel, eventId.Id));
    }
}
