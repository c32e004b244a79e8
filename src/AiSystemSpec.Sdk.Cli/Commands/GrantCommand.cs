using System.CommandLine;
using AiSystemSpec.Sdk.Cli.Output;
using AiSystemSpec.Sdk.Cli.Terminal;
using AiSystemSpec.Sdk.Migrations;

namespace AiSystemSpec.Sdk.Cli.Commands;

internal static class GrantCommand
{
    public static Command Create(CliHost host)
    {
        var json = SharedOptions.Json();
        var kind = new Option<GrantKind>("--role") { Description = "What the role is to do: app runs the services, reader is for dashboards.", Required = true };
        var to = new Option<string?>("--to") { Description = "The name of the database role, which exists; the same as --role by default." };
        var command = new Command("grant", "Grants a role exactly what it needs, with policies where row level security is on.") { kind, to, json };
        command.SetAction((parsed, cancellationToken) => Invocation.WithMigratorAsync(parsed, host, async migrator =>
        {
            var chosen = parsed.GetValue(kind);
            if (parsed.GetValue(to) is { } given && string.IsNullOrWhiteSpace(given))
            {
                throw new UsageException("--to is empty. Name the database role, or leave it out.");
            }

            var role = parsed.GetValue(to) ?? (chosen == GrantKind.App ? "app" : "reader");
            var result = await migrator.GrantAsync(role, chosen, cancellationToken).ConfigureAwait(false);
            await (parsed.GetValue(json)
                ? JsonOutput.WriteAsync(host, result)
                : host.Out.WriteLineAsync($"Granted to {result.Role}:\n{string.Join('\n', result.Statements)}")).ConfigureAwait(false);
            return ExitCode.Done;
        }));
        return command;
    }
}
