using AiSystemSpec.Sdk.Migrations;

namespace AiSystemSpec.Sdk.Cli.Output;

/// <summary>Findings for people.</summary>
internal static class FindingLines
{
    public static string Write(SchemaFinding finding) =>
        $"{finding.Severity.ToString().ToUpperInvariant()}  {finding.Subject}\n    found:    {finding.Found}\n    expected: {finding.Expected}{(finding.Mend is null ? "" : $"\n    mend:     {finding.Mend}")}";
}
