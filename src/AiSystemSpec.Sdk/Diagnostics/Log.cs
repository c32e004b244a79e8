namespace AiSystemSpec.Sdk.Diagnostics;

/// <summary>
/// All log messages. Event ids: research 1000s, scripts 2000s, runs 3000s, schema and connections 4000s, retention 5000s.
/// Never a topic, a payload or a connection string in a message.
/// </summary>
internal static partial class Log
{
}
