namespace AiSystemSpec.Sdk.Cli.Terminal;

/// <summary>What was asked for by name is not in the database.</summary>
internal sealed class NotFoundException(string message) : Exception(message);
