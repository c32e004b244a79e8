namespace AiSystemSpec.Sdk.Connections;

/// <summary>A <c>postgresql://</c> URI that cannot be read. The message says what is wrong with it and quotes no value.</summary>
internal sealed class PostgresUriException(string message) : FormatException(message);
