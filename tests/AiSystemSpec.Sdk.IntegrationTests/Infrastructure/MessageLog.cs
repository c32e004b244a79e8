using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace AiSystemSpec.Sdk.IntegrationTests.Infrastructure;

/// <summary>What the SDK logs, each message with its exception.</summary>
internal sealed class MessageLog : ILoggerProvider, ILogger
{
    private readonly ConcurrentQueue<string> _messages = [];

    public IReadOnlyCollection<string> Messages => _messages;

    public async Task<string> WaitForAsync(string said)
    {
        for (var tries = 0; ; tries++)
        {
            if (_messages.FirstOrDefault(message => message.Contains(said, StringComparison.Ordinal)) is { } message)
            {
                return message;
            }

            Assert.True(tries < 600, $"Not said: {said}. Said: {string.Join('\n', _messages)}");
            await Task.Delay(50);
        }
    }

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
        _messages.Enqueue($"{formatter(state, exception)} {exception?.Message}");
}
