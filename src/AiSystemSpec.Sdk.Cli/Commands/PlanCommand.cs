using System.CommandLine;
using AiSystemSpec.Sdk.Cli.Output;

namespace AiSystemSpec.Sdk.Cli.Commands;

internal static class PlanCommand
{
    public static Command Create(CliHost host)
    {
        var json = SharedOptions.Json();
        var command = new Command("plan", "Prints the SQL that migrate would send now. Changes nothing. Exit code 3: there is some.") { json };
        command.SetAction((parsed, cancellationToken) => Invocation.WithMigratorAsync(parsed, host, async migrator =>
        {
            var plan = await migrator.PlanAsync(cancellationToken).ConfigureAwait(false);
            await (parsed.GetValue(json)
                ? JsonOutput.WriteAsync(host, plan)
                : host.Out.WriteLineAsync(plan.Pending.Count == 0 ? "-- Nothing is pending." : plan.Sql)).ConfigureAwait(false);
            return plan.Pending.Count == 0 ? ExitCode.Done : ExitCode.PendingMigrations;
        }));
        return command;
    }
}
