using System.CommandLine;
using AiSystemSpec.Sdk.Cli.Output;
using AiSystemSpec.Sdk.Cli.Terminal;
using AiSystemSpec.Sdk.Migrations;

namespace AiSystemSpec.Sdk.Cli.Commands;

internal static class AdoptCommand
{
    public static Command Create(CliHost host)
    {
        var (json, verbose) = (SharedOptions.Json(), SharedOptions.Verbose());
        var allowPooler = SharedOptions.AllowPooler();
        var dryRun = new Option<bool>("--dry-run") { Description = "Compare, say what would be done, change nothing." };
        var harden = new Option<bool>("--harden") { Description = "Close the tables to Supabase's public roles too; this can lock out users of the anonymous key." };
        var lockTimeout = SharedOptions.Seconds("--lock-timeout", MigrateOptions.DefaultLockTimeout, "Seconds that a statement waits for another session's lock.");
        var command = new Command("adopt", "Takes over tables that others made, in one transaction. Changes no row and drops nothing.") { dryRun, harden, json, verbose, allowPooler, lockTimeout };
        command.SetAction((parsed, cancellationToken) => Invocation.WithMigratorAsync(parsed, host, async migrator =>
        {
            var progress = new ProgressLines(host, parsed.GetValue(verbose), TimeProvider.System);
            var options = new AdoptOptions
            {
                DryRun = parsed.GetValue(dryRun),
                Harden = parsed.GetValue(harden),
                AllowPooler = parsed.GetValue(allowPooler),
                LockTimeout = parsed.GetValue(lockTimeout) ?? MigrateOptions.DefaultLockTimeout,
                Progress = progress,
            };
            var result = await Invocation.WithProgressAsync(progress, () => migrator.AdoptAsync(options, cancellationToken)).ConfigureAwait(false);
            if (parsed.GetValue(json))
            {
                await JsonOutput.WriteAsync(host, result).ConfigureAwait(false);
            }
            else
            {
                await WriteAsync(host, result, options.DryRun).ConfigureAwait(false);
            }

            return result.Findings.Any(finding => finding.Severity == FindingSeverity.Error) ? ExitCode.FailedOrRefused : ExitCode.Done;
        }));
        return command;
    }

    private static async Task WriteAsync(CliHost host, AdoptionResult result, bool isDryRun)
    {
        foreach (var finding in result.Findings)
        {
            await FindingLines.WriteAsync(host, finding).ConfigureAwait(false);
        }

        var errors = result.Findings.Count(finding => finding.Severity == FindingSeverity.Error);
        if (errors > 0)
        {
            await host.Out.WriteLineAsync($"The adoption would be refused, and change nothing, for the {(errors == 1 ? "error" : $"{errors} errors")} above. Mend what they name, then try again.").ConfigureAwait(false);
            return;
        }

        if (isDryRun)
        {
            await host.Out.WriteLineAsync(result.Statements.Count == 0 ? "-- Nothing would be done." : string.Join("\n\n", result.Statements)).ConfigureAwait(false);
            return;
        }

        var created = result.Created.Count == 0 ? "" : $" Created: {string.Join(", ", result.Created)}.";
        await host.Out.WriteLineAsync(result.Statements.Count == 0
            ? "Nothing was left to do."
            : $"Adopted: {string.Join(", ", result.Adopted)}.{created} Run aispec migrate next, which builds the indexes.").ConfigureAwait(false);
    }
}
