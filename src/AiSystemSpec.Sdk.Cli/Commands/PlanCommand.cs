using System.CommandLine;
using AiSystemSpec.Sdk.Cli.Output;
using AiSystemSpec.Sdk.Cli.Terminal;
using AiSystemSpec.Sdk.Migrations;

namespace AiSystemSpec.Sdk.Cli.Commands;

internal static class PlanCommand
{
    public static Command Create(CliHost host)
    {
        var json = SharedOptions.Json();
        var withSimilarity = SharedOptions.WithSimilarity();
        var command = new Command("plan", "Prints the SQL that migrate would send now. Changes nothing. Exit code 3: there is some.") { json, withSimilarity };
        command.SetAction((parsed, cancellationToken) => Invocation.WithMigratorAsync(parsed, host, async migrator =>
        {
            var plan = await migrator.PlanAsync(new MigrateOptions { WithSimilarity = parsed.GetValue(withSimilarity) }, cancellationToken).ConfigureAwait(false);
            await (parsed.GetValue(json)
                ? JsonOutput.WriteAsync(host, plan)
                : host.Out.WriteLineAsync(plan.Statements.Count == 0 ? "-- Nothing is pending." : plan.Sql)).ConfigureAwait(false);
            return plan.Statements.Count == 0 ? ExitCode.Done : ExitCode.PendingMigrations;
        }));
        return command;
    }
}
