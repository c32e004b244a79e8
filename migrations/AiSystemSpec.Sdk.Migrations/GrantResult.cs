namespace AiSystemSpec.Sdk.Migrations;

/// <summary>What a role was granted.</summary>
/// <param name="Role">The role.</param>
/// <param name="Kind">What it is to do.</param>
/// <param name="Statements">The SQL that ran.</param>
public sealed record GrantResult(string Role, GrantKind Kind, IReadOnlyList<string> Statements);
