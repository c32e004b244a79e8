using System.CommandLine;
using AiSystemSpec.Sdk.Cli.Output;
using AiSystemSpec.Sdk.Cli.Terminal;
using AiSystemSpec.Sdk.Migrations;

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
                await WriteAsync(host, status).ConfigureAwait(false);
            }

            return status.IsUpToDate ? ExitCode.Done : ExitCode.PendingMigrations;
        }));
        return command;
    }

    private static async Task WriteAsync(CliHost host, MigrationStatus status)
    {
        var table = new TextTable("STATE", "MIGRATION");
        foreach (var (state, id) in status.Applied.Select(id => ("applied", id))
            .Concat(status.Unknown.Select(id => ("unknown", $"{id} (applied by a newer package)")))
            .Concat(status.Pending.Select(id => ("pending", id))))
        {
            table.Add(Cell.OfStatus(state), id);
        }

        await table.WriteAsync(host).ConfigureAwait(false);
        await host.Out.WriteLineAsync(status switch
        {
            { NeedsAdoption: true } => "The tables are there, and no migration made them. Run aispec adopt --dry-run, which compares them, then aispec adopt and aispec migrate.",
            { IsUpToDate: true } => "Nothing is pending.",
            _ => "Run aispec plan to see what is pending, and aispec migrate to apply it.",
        }).ConfigureAwait(false);
    }
}
