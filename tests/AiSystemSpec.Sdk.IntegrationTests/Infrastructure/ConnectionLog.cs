using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AiSystemSpec.Sdk.IntegrationTests.Infrastructure;

/// <summary>What the SDK logs about connections.</summary>
internal sealed class ConnectionLog : ILoggerProvider, ILogger
{
    private readonly ConcurrentQueue<(int Id, string Message)> _entries = [];

    public IReadOnlyCollection<(int Id, string Message)> Entries => _entries;

    /// <summary>Services that log here.</summary>
    public IServiceCollection Services() =>
        new ServiceCollection().AddLogging(logging => logging.SetMinimumLevel(LogLevel.Debug).AddProvider(this));

    /// <summary>Waits for an entry that comes from the background.</summary>
    public async Task<string> WaitForAsync(string said)
    {
        for (var tries = 0; ; tries++)
        {
            if (_entries.FirstOrDefault(entry => entry.Message.Contains(said, StringComparison.Ordinal)).Message is { } message)
            {
                return message;
            }

            Assert.True(tries < 600, $"Not said: {said}. Said: {string.Join('\n', _entries)}");
            await Task.Delay(50);
        }
    }

    public ILogger CreateLogger(string categoryName) =>
        categoryName == "AiSystemSpec.Sdk.Connections" ? this : Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance;

    public void Dispose()
    {
        // Nothing is held.
    }

    public bool IsEnabled(LogLevel logLevel) => true;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _entries.Enqueue((eventId.Id, formatter(state, exception)));
}
