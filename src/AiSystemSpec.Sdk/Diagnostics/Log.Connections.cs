using Microsoft.Extensions.Logging;

namespace AiSystemSpec.Sdk.Diagnostics;

/// <summary>Messages of connections.</summary>
internal static partial class Log
{
    [LoggerMessage(4001, LogLevel.Warning, "The connection's setting {Setting} does not fit: {Advice}", EventName = "SettingDoesNotFit")]
    public static partial void SettingDoesNotFit(ILogger logger, string setting, string advice);

    [LoggerMessage(4002, LogLevel.Warning, "{Advice}", EventName = "ServerTooOld")]
    public static partial void ServerTooOld(ILogger logger, string advice);

    [LoggerMessage(4003, LogLevel.Debug, "It could not be found out whether there is a pooler before the server; settings that depend on it were not looked at.", EventName = "PoolerUnknown")]
    public static partial void PoolerUnknown(ILogger logger, Exception exception);

    [LoggerMessage(4004, LogLevel.Warning, "The connection string has parameters that mean something to other clients only; they are ignored: {Names}.", EventName = "ParametersIgnored")]
    public static partial void ParametersIgnored(ILogger logger, string names);
}
