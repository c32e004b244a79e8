using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace AiSystemSpec.Sdk.Benchmarks.RoundTrips;

/// <summary>Counts what Npgsql sends and waits for: a command, or a batch. Opening a connection is not among it.</summary>
internal sealed class RoundTripCounter : ILoggerFactory, ILogger
{
    private int _count;

    public int Count => Volatile.Read(ref _count);

    public ILogger CreateLogger(string categoryName) =>
        categoryName.StartsWith("Npgsql", StringComparison.Ordinal) ? this : NullLogger.Instance;

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    public void Dispose()
    {
        // Nothing is held.
    }

    public bool IsEnabled(LogLevel logLevel) => true;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (eventId.Name?.Contains("ExecutionCompleted", StringComparison.Ordinal) == true)
        {
            _ = Interlocked.Increment(ref _count);
        }
    }
}
