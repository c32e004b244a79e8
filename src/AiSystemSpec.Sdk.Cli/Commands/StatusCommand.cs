using System.CommandLine;
using AiSystemSpec.Sdk.Cli.Output;
using AiSystemSpec.Sdk.Cli.Terminal;

namespace AiSystemSpec.Sdk.Cli.Commands;

internal static class StatusCommand
{
    public static Command Create(CliHost host)
    {
        var json = SharedOptions.Json();
        var command = new Command("status", "Says which migrations are applied and which are pending. Needs SELECT only. Exit code 3: some are pending.") { json };
        command.SetAction((parsed, cancellationToken) => Invocation.WithMigratorAsync(parsed, host, async migrator =>
        {
            var status = await migrator.GetStatusAsync(cancellationToken).ConfigureAwait(false);
            if (parsed.GetValue(json))
            {
                await JsonOutput.WriteAsync(host, status).ConfigureAwait(false);
            }
            else
            {
                foreach (var line in status.Applied.Select(id => $"applied  {id}")
                    .Concat(status.Unknown.Select(id => $"unknown  {id} (applied by a newer package)"))
                    .Concat(status.Pending.Select(id => $"pending  {id}")))
                {
                    await host.Out.WriteLineAsync(line).ConfigureAwait(false);
                }
            }

            return status.IsUpToDate ? ExitCode.Done : ExitCode.PendingMigrations;
        }));
        return command;
    }
}
