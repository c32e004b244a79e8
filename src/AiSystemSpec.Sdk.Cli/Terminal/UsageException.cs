namespace AiSystemSpec.Sdk.Cli.Terminal;

/// <summary>The command line, or what it names, cannot be used; the message says how to write it.</summary>
internal sealed class UsageException(string message) : Exception(message);
