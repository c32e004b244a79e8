using Microsoft.Extensions.Logging;

namespace AiSystemSpec.Sdk.Connections.Opening;

/// <summary>
/// The host's logs, for the SDK's own data sources: Npgsql notes each statement at Information, which a host that never asked for it would
/// find by the thousand. What Npgsql calls information is passed on as Debug.
/// </summary>
internal sealed class QuietCommands(ILoggerFactory loggers) : ILoggerFactory
{
    public ILogger CreateLogger(string categoryName) => new Quiet(loggers.CreateLogger(categoryName));

    public void AddProvider(ILoggerProvider provider) => loggers.AddProvider(provider);

    public void Dispose()
    {
        // The host's.
    }

    private sealed class Quiet(ILogger logger) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => logger.BeginScope(state);

        public bool IsEnabled(LogLevel logLevel) => logger.IsEnabled(Lower(logLevel));

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var level = Lower(logLevel);
            logger.Log(level, eventId, state, exception, formatter);
        }

        private static LogLevel Lower(LogLevel level) => level == LogLevel.Information ? LogLevel.Debug : level;
    }
}
