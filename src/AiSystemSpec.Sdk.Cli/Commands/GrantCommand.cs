using System.CommandLine;
using AiSystemSpec.Sdk.Cli.Output;
using AiSystemSpec.Sdk.Cli.Terminal;
using AiSystemSpec.Sdk.Migrations;

namespace AiSystemSpec.Sdk.Cli.Commands;

internal static class GrantCommand
{
    private const string AppKind = "app";
    private const string ReaderKind = "reader";

    public static Command Create(CliHost host)
    {
        var json = SharedOptions.Json();
        var role = new Argument<string?>("role") { Description = "The name of the database role, which exists.", Arity = ArgumentArity.ZeroOrOne };
        var kind = new Option<string?>("--as") { Description = "What the role is to do: app runs the services, reader is for dashboards.", HelpName = "app|reader" };
        var (formerKind, formerRole) = (Former("--role"), Former("--to"));
        var command = new Command("grant", "Grants a role exactly what it needs, with policies where row level security is on.") { role, kind, formerKind, formerRole, json };
        command.SetAction((parsed, cancellationToken) =>
        {
            ThrowIfFormer(parsed.GetValue(formerKind), parsed.GetValue(formerRole));
            var (name, chosen) = (ParseRole(parsed.GetValue(role)), ParseKind(parsed.GetValue(kind)));
            return Invocation.WithMigratorAsync(parsed, host, async migrator =>
            {
                var result = await migrator.GrantAsync(name, chosen, cancellationToken).ConfigureAwait(false);
                await (parsed.GetValue(json)
                    ? JsonOutput.WriteAsync(host, result)
                    : host.Out.WriteLineAsync($"Granted to {VisibleText.OneLine(result.Role)}:\n{string.Join('\n', result.Statements)}")).ConfigureAwait(false);
                return ExitCode.Done;
            });
        });
        return command;
    }

    // As the command was written before 0.1.
    private static Option<string?> Former(string name) => new(name) { Hidden = true, Arity = ArgumentArity.ZeroOrOne };

    private static void ThrowIfFormer(string? kind, string? role)
    {
        if (kind is not null || role is not null)
        {
            throw new UsageException($"--role and --to are gone. Write it so: aispec grant {(string.IsNullOrWhiteSpace(role) ? kind ?? "ROLE" : role)} --as {(kind is AppKind or ReaderKind ? kind : $"{AppKind}|{ReaderKind}")}.");
        }
    }

    private static string ParseRole(string? role) => string.IsNullOrWhiteSpace(role)
        ? throw new UsageException($"No role is named. Write it so: aispec grant ROLE --as {AppKind}|{ReaderKind}.")
        : role;

    private static GrantKind ParseKind(string? kind) => kind switch
    {
        AppKind => GrantKind.App,
        ReaderKind => GrantKind.Reader,
        null => throw new UsageException($"--as is missing. Say what the role is to do: --as {AppKind}, which runs the services, or --as {ReaderKind}, for dashboards."),
        _ => throw new UsageException($"--as is \"{kind}\". Give {AppKind}, which runs the services, or {ReaderKind}, for dashboards."),
    };
}
