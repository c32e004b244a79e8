namespace AiSystemSpec.Sdk.Migrations;

/// <summary>How a database differs from the schema.</summary>
/// <param name="Findings">What was found, the gravest first; empty where nothing was.</param>
public sealed record SchemaReport(IReadOnlyList<SchemaFinding> Findings)
{
    /// <summary>Gets whether everything works: no finding is an <see cref="FindingSeverity.Error"/>.</summary>
    public bool IsMatch => Findings.All(finding => finding.Severity != FindingSeverity.Error);
}
