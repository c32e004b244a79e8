using AiSystemSpec.Sdk.Cli.Terminal;
using AiSystemSpec.Sdk.Migrations;

namespace AiSystemSpec.Sdk.Cli.Output;

/// <summary>Findings for people.</summary>
internal static class FindingLines
{
    public static async Task WriteAsync(CliHost host, SchemaFinding finding)
    {
        var severity = finding.Severity.ToString().ToUpperInvariant();
        var colored = host.IsColored ? Colors.Paint(severity, ToneOf(finding.Severity)) : severity;
        await host.Out.WriteOwnLineAsync($"{colored}  {VisibleText.OneLine(finding.Subject)}").ConfigureAwait(false);
        await host.Out.WriteLineAsync(
            $"    found:    {VisibleText.OneLine(finding.Found)}\n    expected: {VisibleText.OneLine(finding.Expected)}"
            + $"{Line("mend", finding.FixSql)}{Line("decide", finding.Advice)}{Line("look", finding.Query)}").ConfigureAwait(false);
    }

    // What has several lines is one block to copy, and indented, so that no line of it looks like a finding.
    private static string Line(string label, string? text) =>
        text is null ? "" : $"\n    {$"{label}:",-10}{text.ReplaceLineEndings("\n              ")}";

    private static Tone ToneOf(FindingSeverity severity) => severity switch
    {
        FindingSeverity.Error => Tone.Bad,
        FindingSeverity.Warning => Tone.Warning,
        _ => Tone.Quiet,
    };
}
