using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace AiSystemSpec.Sdk.IntegrationTests.Failover;

/// <summary>Counts from Npgsql's log how often it tried to connect to each port.</summary>
internal sealed class ConnectionAttempts : ILoggerFactory, ILogger
{
    private readonly ConcurrentDictionary<int, int> _ports = [];

    public int At(int port) => _ports.GetValueOrDefault(port);

    public ILogger CreateLogger(string categoryName) => this;

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
        if (eventId.Name is "OpeningPhysicalConnection" && state is IReadOnlyList<KeyValuePair<string, object?>> values)
        {
            _ = _ports.AddOrUpdate((int)values.Single(value => value.Key is "Port").Value!, 1, (_, count) => count + 1);
        }
    }
}
