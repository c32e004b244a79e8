using System.CommandLine;
using System.Globalization;
using AiSystemSpec.Sdk.Cli.Output;
using Microsoft.Extensions.DependencyInjection;

namespace AiSystemSpec.Sdk.Cli.Commands;

internal static class PurgeCommand
{
    public static Command Create(CliHost host)
    {
        var json = SharedOptions.Json();
        var dryRun = new Option<bool>("--dry-run") { Description = "Only count what would be deleted." };
        var researchAge = Age("--research-age", "Delete research older than this.");
        var perTopic = SharedOptions.Count("--keep-latest-per-topic", "Keep this many of the newest entries of each topic, whatever their age.");
        var eventAge = Age("--system-event-age", "Delete system events, such as boot logs, older than this.");
        var scriptAge = Age("--script-age", "Delete scripts older than this.");
        var scripts = SharedOptions.Count("--keep-latest-scripts", "Keep this many of the newest scripts, whatever their age.");
        var runAge = Age("--run-age", "Delete rows of the run log older than this.");
        var command = new Command("purge", "Deletes old rows, in small batches. Nothing without a rule.") { researchAge, perTopic, eventAge, scriptAge, scripts, runAge, dryRun, json };
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

            return await Invocation.WithServicesAsync(parsed, host, async services =>
            {
                var result = await services.GetRequiredService<IRetention>().PurgeAsync(options, parsed.GetValue(dryRun), cancellationToken).ConfigureAwait(false);
                await (parsed.GetValue(json) ? JsonOutput.WriteAsync(host, result) : host.Out.WriteLineAsync(Say(result))).ConfigureAwait(false);
                return result.IsOtherAtWork ? ExitCode.FailedOrRefused : ExitCode.Done;
            }, cancellationToken).ConfigureAwait(false);
        });
        return command;
    }

    private static string Say(RetentionResult result) => result.IsOtherAtWork
        ? "Another purge of this database is under way; this one did nothing."
        : $"{(result.IsDryRun ? "Would delete" : "Deleted")}: {result.ResearchRows} of research, {result.SystemEventRows} system events, {result.ScriptRows} scripts, {result.RunRows} of the run log.";

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
