using System.CommandLine;
using AiSystemSpec.Sdk.Cli.Output;
using AiSystemSpec.Sdk.Cli.Terminal;
using AiSystemSpec.Sdk.Migrations;

namespace AiSystemSpec.Sdk.Cli.Commands;

internal static class VerifyCommand
{
    public static Command Create(CliHost host)
    {
        var json = SharedOptions.Json();
        var strict = new Option<bool>("--strict") { Description = "Exit code 4 on warnings too." };
        var command = new Command("verify", "Compares the database with the schema. Reads only. Exit code 4: drift.") { strict, json };
        command.SetAction((parsed, cancellationToken) => Invocation.WithMigratorAsync(parsed, host, async migrator =>
        {
            var report = await migrator.VerifyAsync(cancellationToken).ConfigureAwait(false);
            await (parsed.GetValue(json) ? JsonOutput.WriteAsync(host, report) : WriteAsync(host, report)).ConfigureAwait(false);
            var isClean = report.IsMatch && !(parsed.GetValue(strict) && report.Findings.Any(finding => finding.Severity == FindingSeverity.Warning));
            return isClean ? ExitCode.Done : ExitCode.Drift;
        }));
        return command;
    }

    private static async Task WriteAsync(CliHost host, SchemaReport report)
    {
        foreach (var finding in report.Findings)
        {
            await FindingLines.WriteAsync(host, finding).ConfigureAwait(false);
        }

        await host.Out.WriteLineAsync(Conclude(report.Findings)).ConfigureAwait(false);
    }

    private static string Conclude(IReadOnlyList<SchemaFinding> findings)
    {
        var (errors, warnings) = (findings.Count(finding => finding.Severity == FindingSeverity.Error), findings.Count(finding => finding.Severity == FindingSeverity.Warning));
        return findings.Count == 0 ? "The database is as the schema says."
            : errors + warnings == 0 ? $"All is well: everything works with {(findings.Count == 1 ? "the difference" : $"the {findings.Count} differences")} above, and nothing need be done."
            : errors == 0 ? $"Everything works; {Count(warnings, "warning")} above."
            : $"{Count(errors, "error")}{(warnings == 0 ? "" : $" and {Count(warnings, "warning")}")} above: not all works with this database.";
    }

    private static string Count(int number, string noun) => $"{number} {noun}{(number == 1 ? "" : "s")}";
}
