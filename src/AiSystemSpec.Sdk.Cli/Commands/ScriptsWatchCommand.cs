using System.CommandLine;
using System.Text.Json;
using AiSystemSpec.Sdk.Cli.Output;
using AiSystemSpec.Sdk.Cli.Terminal;
using Microsoft.Extensions.DependencyInjection;

namespace AiSystemSpec.Sdk.Cli.Commands;

internal static class ScriptsWatchCommand
{
    public static Command Create(CliHost host)
    {
        var json = new Option<bool>("--json") { Description = "Print a line of JSON for each script, with its cursor." };
        var cursor = new Option<string?>("--cursor") { Description = "Go on behind this place, as --json printed it. From the beginning by default." };
        var fromNow = new Option<bool>("--from-now") { Description = "Pass over what is there." };
        var command = new Command("watch", "Prints scripts as they are saved, whoever saves them, until it is interrupted.") { cursor, fromNow, json };
        command.SetAction((parsed, cancellationToken) => Invocation.WithServicesAsync(parsed, host, async services =>
        {
            var options = new ScriptWatchOptions { FromNow = parsed.GetValue(fromNow) };
            var changes = services.GetRequiredService<IScriptStore>().WatchAsync(parsed.GetValue(cursor), options, cancellationToken);
            try
            {
                await foreach (var change in changes.ConfigureAwait(false))
                {
                    await WriteAsync(host, change, parsed.GetValue(json)).ConfigureAwait(false);
                }
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                // Nothing else ends it.
            }

            return ExitCode.Done;
        }, cancellationToken));
        return command;
    }

    private static async Task WriteAsync(CliHost host, ScriptChange change, bool isJson)
    {
        var script = change.Script;
        if (isJson)
        {
            await host.Out.WriteLineAsync(JsonSerializer.Serialize(
                new { id = script.Id, content = script.Content, createdAt = script.CreatedAt, cursor = change.Cursor }, JsonOutput.OneLine)).ConfigureAwait(false);
        }
        else
        {
            var line = $"{Cell.OfMoment(script.CreatedAt).Text,-19}  {script.Id}  {ScriptRows.Begin(script.Content)}";
            await host.Out.WriteLineAsync(DisplayWidth.Cut(VisibleText.OneLine(line), host.Width ?? int.MaxValue)).ConfigureAwait(false);
        }

        await host.Out.FlushAsync().ConfigureAwait(false);
    }
}
