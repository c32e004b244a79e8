using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AiSystemSpec.Sdk.IntegrationTests.Infrastructure;

/// <summary>What the SDK warns of, with its event's id.</summary>
internal sealed class WarningLog : ILoggerProvider, ILogger
{
    private readonly ConcurrentQueue<(int Id, string Message)> _entries = [];

    /// <summary>Services that log here.</summary>
    public IServiceCollection Services() => new ServiceCollection().AddLogging(logging => logging.AddProvider(this));

    public IReadOnlyList<string> Of(int id) => [.. _entries.Where(entry => entry.Id == id).Select(entry => entry.Message)];

    public ILogger CreateLogger(string categoryName) => this;

    public void Dispose()
    {
        // Nothing is held.
    }

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _entries.Enqueue((eventId.Id, formatter(state, exception)));
}
