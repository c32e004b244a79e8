namespace AiSystemSpec.Sdk.Migrations;

/// <summary>How a database differs from the schema.</summary>
public sealed record SchemaReport
{
    /// <summary>Gets what was found, the gravest first; empty where nothing was.</summary>
    public required IReadOnlyList<SchemaFinding> Findings { get; init; }

    /// <summary>Gets whether everything works: no finding is an <see cref="FindingSeverity.Error"/>.</summary>
    public bool IsMatch => Findings.All(finding => finding.Severity != FindingSeverity.Error);
}
