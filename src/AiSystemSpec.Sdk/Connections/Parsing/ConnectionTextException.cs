namespace AiSystemSpec.Sdk.Connections.Parsing;

/// <summary>
/// A connection that cannot be read. The message says what is wrong with it, and holds no piece of it: any piece may be one of a
/// password.
/// </summary>
internal sealed class ConnectionTextException(string message) : FormatException(message);
