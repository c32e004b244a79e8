using System.CommandLine;
using AiSystemSpec.Sdk.Cli.Output;
using AiSystemSpec.Sdk.Cli.Terminal;

namespace AiSystemSpec.Sdk.Cli.Commands;

internal static class IdentityCommand
{
    public static Command Create(CliHost host)
    {
        var json = SharedOptions.Json();
        var renew = new Option<bool>("--renew") { Description = "Give the database another identity: for a clone made by dump and restore, before its hosts begin." };
        var command = new Command("identity", "Shows the identity of the database, which files of the run log carry.") { renew, json };
        command.SetAction((parsed, cancellationToken) => Invocation.WithMigratorAsync(parsed, host, async migrator =>
        {
            var identity = parsed.GetValue(renew)
                ? await migrator.RenewIdentityAsync(cancellationToken).ConfigureAwait(false)
                : await migrator.GetIdentityAsync(cancellationToken).ConfigureAwait(false);
            if (parsed.GetValue(json))
            {
                await JsonOutput.WriteAsync(host, identity).ConfigureAwait(false);
            }
            else if (identity is not null)
            {
                await host.Out.WriteLineAsync(identity.Id.ToString()).ConfigureAwait(false);
            }

            if (identity is null)
            {
                await host.Error.WriteLineAsync("The database has no identity. Run aispec migrate, which makes one; everything works without it.").ConfigureAwait(false);
            }

            return identity is null ? ExitCode.FailedOrRefused : ExitCode.Done;
        }));
        return command;
    }
}
