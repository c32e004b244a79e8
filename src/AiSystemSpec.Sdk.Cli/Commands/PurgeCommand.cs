using System.CommandLine;
using System.Globalization;
using System.Text;
using AiSystemSpec.Sdk.Cli.Output;
using AiSystemSpec.Sdk.Cli.Terminal;
using Microsoft.Extensions.DependencyInjection;

namespace AiSystemSpec.Sdk.Cli.Commands;

internal static class PurgeCommand
{
    public static Command Create(CliHost host)
    {
        var json = SharedOptions.Json();
        var dryRun = new Option<bool>("--dry-run") { Description = "Only count what would be deleted." };
        var export = new Option<string?>("--export") { Description = "First write each row that is deleted to this new file, as a line of JSON: {\"table\":…,\"row\":…}." };
        var researchAge = Age("--research-age", "Delete research older than this.");
        var perTopic = SharedOptions.Count("--keep-latest-per-topic", "Keep this many of the newest entries of each topic, whatever their age.");
        var eventAge = Age("--system-event-age", "Delete system events, such as boot logs, older than this.");
        var scriptAge = Age("--script-age", "Delete scripts older than this.");
        var scripts = SharedOptions.Count("--keep-latest-scripts", "Keep this many of the newest scripts, whatever their age.");
        var runAge = Age("--run-age", "Delete rows of the run log older than this.");
        var command = new Command("purge", "Deletes old rows, in small batches. Nothing without a rule.") { researchAge, perTopic, eventAge, scriptAge, scripts, runAge, dryRun, export, json };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var options = new RetentionOptions
            {
                ResearchAge = parsed.GetValue(researchAge),
                KeepLatestPerTopic = parsed.GetValue(perTopic),
                SystemEventAge = parsed.GetValue(eventAge),
                ScriptAge = parsed.GetValue(scriptAge),
                KeepLatestScripts = parsed.GetValue(scripts),
                RunAge = parsed.GetValue(runAge),
            };
            if (options is { ResearchAge: null, KeepLatestPerTopic: null, SystemEventAge: null, ScriptAge: null, KeepLatestScripts: null, RunAge: null })
            {
                throw new UsageException("No rule says what may go. Give one, such as --run-age 90d, and --dry-run to count first.");
            }

            var file = parsed.GetValue(export);
            ThrowIfExportCannotBe(file, parsed.GetValue(dryRun));
            return await Invocation.WithServicesAsync(parsed, host, async services =>
            {
                var retention = services.GetRequiredService<IRetention>();
                try
                {
                    var result = await retention.PurgeAsync(
                        options, new PurgeOptions { DryRun = parsed.GetValue(dryRun), ExportFile = file }, cancellationToken).ConfigureAwait(false);
                    await WriteAsync(result).ConfigureAwait(false);
                    return result.IsAnotherPurgeRunning ? ExitCode.FailedOrRefused : ExitCode.Done;
                }
                catch (RetentionException exception)
                {
                    await WriteAsync(exception.Result).ConfigureAwait(false);
                    throw;
                }
            }, cancellationToken).ConfigureAwait(false);

            Task WriteAsync(RetentionResult result) => parsed.GetValue(json) ? JsonOutput.WriteAsync(host, result) : host.Out.WriteLineAsync(Say(result));
        });
        return command;
    }

    private static void ThrowIfExportCannotBe(string? file, bool isDryRun)
    {
        if (file is null)
        {
            return;
        }

        if (isDryRun)
        {
            throw new UsageException("--export does not go with --dry-run, which deletes nothing. Leave one of them out.");
        }

        if (string.IsNullOrWhiteSpace(file) || Path.Exists(file))
        {
            throw new UsageException($"--export is \"{file}\". Name a file that does not exist yet: none is overwritten.");
        }
    }

    private static string Say(RetentionResult result)
    {
        if (result.IsAnotherPurgeRunning)
        {
            return "Another purge of this database is under way; this one did nothing.";
        }

        var text = new StringBuilder().Append(CultureInfo.InvariantCulture, $"{(result.IsDryRun ? "Would delete" : "Deleted")}: {result.ResearchRows} of research, {result.SystemEventRows} system events, {result.ScriptRows} scripts, {result.RunRows} of the run log.");
        foreach (var skipped in result.Skipped.Where(skipped => skipped.Rows > 0))
        {
            text.Append(CultureInfo.InvariantCulture, $"\nLeft: {skipped.Rows} of {skipped.Table}: {skipped.Reason}{(skipped.SqlState is null ? "" : $" ({skipped.SqlState})")}.");
        }

        if (result is { IsDryRun: true, RunRows: > 0 })
        {
            text.Append("\nRows of the run log hold the costs and tokens of their stages: reports and budgets over that time lose them. Keep them with --export FILE.");
        }

        return text.ToString();
    }

    private static Option<TimeSpan?> Age(string name, string description) => new(name)
    {
        Description = $"{description} A number of days or hours: 90d, 12h.",
        CustomParser = argument =>
        {
            var text = argument.Tokens[0].Value;
            var unit = text.LastOrDefault() switch { 'd' => TimeSpan.FromDays(1), 'h' => TimeSpan.FromHours(1), _ => TimeSpan.Zero };
            if (unit > TimeSpan.Zero && int.TryParse(text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 && number <= TimeSpan.MaxValue / unit)
            {
                return number * unit;
            }

            argument.AddError($"{name} is \"{text}\". Give a number of days or hours, 1 or more: 90d, 12h.");
            return null;
        },
    };
}
