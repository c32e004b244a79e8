namespace AiSystemSpec.Sdk.Migrations;

/// <summary>What a role was granted.</summary>
public sealed record GrantResult
{
    /// <summary>Gets the role.</summary>
    public required string Role { get; init; }

    /// <summary>Gets what it is to do.</summary>
    public required GrantKind Kind { get; init; }

    /// <summary>Gets The SQL that ran.</summary>
    public required IReadOnlyList<string> Statements { get; init; }
}
