using System.CommandLine;
using System.Globalization;
using AiSystemSpec.Sdk.Cli.Output;
using AiSystemSpec.Sdk.Cli.Terminal;
using Microsoft.Extensions.DependencyInjection;

namespace AiSystemSpec.Sdk.Cli.Commands;

internal static class ImportCommand
{
    private const string StandardInput = "-";

    public static Command Create(CliHost host)
    {
        var json = SharedOptions.Json();
        var target = SharedOptions.Rows();
        var file = new Argument<string>("file") { Description = "Lines of JSON as aispec export writes them, a JSON array or a CSV file as Supabase exports it; - for standard input." };
        var format = SharedOptions.Format();
        var command = new Command("import", "Copies rows out of a file, as they are. Rows that are there stay; a row that cannot go in is told by its line.") { target, file, format, json };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var (rows, name) = (parsed.GetValue(target), parsed.GetValue(file)!);
            if (name is not StandardInput && !File.Exists(name))
            {
                throw new UsageException($"There is no file \"{name}\". Name one, or - for standard input.");
            }

            return await Invocation.WithServicesAsync(parsed, host, async services =>
            {
                var progress = new TransferLine(host, TimeProvider.System);
                var stream = name is StandardInput ? host.OpenInput() : File.OpenRead(name);
                ImportResult result;
                await using (stream.ConfigureAwait(false))
                {
                    result = await ImportAsync(services, rows, stream, parsed.GetValue(format), progress, cancellationToken).ConfigureAwait(false);
                }

                progress.End();
                await WriteAsync(host, rows, result, parsed.GetValue(json)).ConfigureAwait(false);
                return result.Failed == 0 ? ExitCode.Done : ExitCode.FailedOrRefused;
            }, cancellationToken).ConfigureAwait(false);
        });
        return command;
    }

    private static async Task<ImportResult> ImportAsync(
        IServiceProvider services, TransferTarget rows, Stream file, ImportFormat? format, TransferLine progress, CancellationToken cancellationToken)
    {
        try
        {
            return await (rows switch
            {
                TransferTarget.Scripts => services.GetRequiredService<IScriptStore>().ImportAsync(file, format, progress, cancellationToken),
                TransferTarget.Runs => services.GetRequiredService<IRunHistory>().ImportAsync(file, format, progress, cancellationToken),
                _ => services.GetRequiredService<IResearchCache>().ImportAsync(file, format, progress, cancellationToken),
            }).ConfigureAwait(false);
        }
        catch (FormatException exception)
        {
            throw new UsageException(exception.Message);
        }
    }

    private static async Task WriteAsync(CliHost host, TransferTarget rows, ImportResult result, bool isJson)
    {
        if (isJson)
        {
            await JsonOutput.WriteAsync(host, result).ConfigureAwait(false);
            return;
        }

        foreach (var error in result.Errors)
        {
            await host.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"line {error.Line}: {VisibleText.OneLine(error.Message)}")).ConfigureAwait(false);
        }

        if (result.Failed > result.Errors.Count)
        {
            await host.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"… and {result.Failed - result.Errors.Count:N0} lines more.")).ConfigureAwait(false);
        }

        await host.Out.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"Imported {result.Imported:N0} rows of {ExportCommand.Name(rows)}; {result.Existing:N0} were there, {result.Failed:N0} failed.")).ConfigureAwait(false);
    }
}
