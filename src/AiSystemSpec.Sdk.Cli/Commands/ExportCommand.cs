using System.CommandLine;
using System.Globalization;
using AiSystemSpec.Sdk.Cli.Output;
using AiSystemSpec.Sdk.Cli.Terminal;
using Microsoft.Extensions.DependencyInjection;

namespace AiSystemSpec.Sdk.Cli.Commands;

internal static class ExportCommand
{
    public static Command Create(CliHost host)
    {
        var target = SharedOptions.Rows();
        var output = new Option<string?>("--output") { Description = "The new file to write; standard output by default." };
        var from = SharedOptions.Moment("--from", "Only rows from this moment on.");
        var to = SharedOptions.Moment("--to", "Only rows before this moment.");
        var contains = new Option<string?>("--contains") { Description = "Of scripts: only those whose content has this text." };
        var run = new Option<string?>("--run") { Description = "Of runs: only the rows of this run." };
        var stage = new Option<string?>("--stage") { Description = "Of runs: only rows of this stage." };
        var command = new Command("export", "Writes rows as lines of JSON, oldest first, for aispec import.") { target, output, from, to, contains, run, stage };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var rows = parsed.GetValue(target);
            SharedOptions.ThrowIfGiven(parsed, $"rows of {Name(rows)}", rows switch
            {
                TransferTarget.Scripts => [run, stage],
                TransferTarget.Runs => [contains],
                _ => [run, stage, contains, from, to],
            });
            var file = parsed.GetValue(output);
            ThrowIfFileCannotBe(file);
            var scripts = new ScriptFilter { From = parsed.GetValue(from), To = parsed.GetValue(to), Contains = parsed.GetValue(contains) };
            var runs = new RunFilter { From = parsed.GetValue(from), To = parsed.GetValue(to), RunId = parsed.GetValue(run), Stage = parsed.GetValue(stage) };
            return await Invocation.WithServicesAsync(parsed, host, async services =>
            {
                var progress = new TransferLine(host, TimeProvider.System);
                var stream = file is null ? host.OpenOutput() : File.Create(file);
                long count;
                await using (stream.ConfigureAwait(false))
                {
                    count = await (rows switch
                    {
                        TransferTarget.Scripts => services.GetRequiredService<IScriptStore>().ExportAsync(stream, scripts, progress, cancellationToken),
                        TransferTarget.Runs => services.GetRequiredService<IRunHistory>().ExportAsync(stream, runs, progress, cancellationToken),
                        _ => services.GetRequiredService<IResearchCache>().ExportAsync(stream, progress, cancellationToken),
                    }).ConfigureAwait(false);
                }

                progress.End();
                await host.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"Exported {count:N0} rows of {Name(rows)}.")).ConfigureAwait(false);
                return ExitCode.Done;
            }, cancellationToken).ConfigureAwait(false);
        });
        return command;
    }

    /// <summary>How the rows are called on the command line.</summary>
    public static string Name(TransferTarget rows) => rows switch { TransferTarget.Scripts => "scripts", TransferTarget.Runs => "runs", _ => "research" };

    private static void ThrowIfFileCannotBe(string? file)
    {
        if (file is not null && (string.IsNullOrWhiteSpace(file) || Path.Exists(file)))
        {
            throw new UsageException($"--output is \"{file}\". Name a file that does not exist yet: none is overwritten.");
        }
    }
}
