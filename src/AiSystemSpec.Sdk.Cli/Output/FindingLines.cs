using AiSystemSpec.Sdk.Migrations;

namespace AiSystemSpec.Sdk.Cli.Output;

/// <summary>Findings for people.</summary>
internal static class FindingLines
{
    public static string Write(SchemaFinding finding) =>
        $"{finding.Severity.ToString().ToUpperInvariant()}  {finding.Subject}\n    found:    {finding.Found}\n    expected: {finding.Expected}{Line("mend", finding.FixSql)}{Line("decide", finding.Advice)}{Line("look", finding.Query)}";

    // What has several lines is one block to copy.
    private static string Line(string label, string? text) => text is null ? "" : $"\n    {$"{label}:",-10}{text.ReplaceLineEndings("\n              ")}";
}
