using Npgsql;

namespace AiSystemSpec.Sdk.Connections.Parsing;

/// <summary>What a connection's text says.</summary>
/// <param name="Settings">The settings that it names, and no others.</param>
/// <param name="Ignored">The names of parameters that mean something to other clients only.</param>
internal sealed record ParsedConnection(NpgsqlConnectionStringBuilder Settings, IReadOnlyList<string> Ignored);
