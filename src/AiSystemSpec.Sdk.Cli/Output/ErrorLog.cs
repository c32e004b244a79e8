using AiSystemSpec.Sdk.Cli.Terminal;
using Microsoft.Extensions.Logging;

namespace AiSystemSpec.Sdk.Cli.Output;

/// <summary>Prints what the SDK warns of on the error output.</summary>
internal sealed class ErrorLog(CliHost host) : ILogger
{
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel))
        {
            host.Error.WriteLine(exception is null ? formatter(state, exception) : $"{formatter(state, exception)} {exception.Message}");
        }
    }
}
