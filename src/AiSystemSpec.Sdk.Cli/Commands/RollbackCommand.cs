using System.CommandLine;
using AiSystemSpec.Sdk.Cli.Output;
using AiSystemSpec.Sdk.Cli.Terminal;
using AiSystemSpec.Sdk.Migrations;

namespace AiSystemSpec.Sdk.Cli.Commands;

internal static class RollbackCommand
{
    public static Command Create(CliHost host)
    {
        var (json, verbose) = (SharedOptions.Json(), SharedOptions.Verbose());
        var allowPooler = SharedOptions.AllowPooler();
        var to = new Argument<string>("migration") { Description = "The last migration to keep, by id or name; 0 takes all back." };
        var dropTable = new Option<string[]>("--drop-table") { Description = "A table that may be dropped with its rows. May be given several times." };
        var command = new Command("rollback", "Takes migrations back, an adoption too. Drops no row unless told to by name, and no table that was adopted.") { to, dropTable, json, verbose, allowPooler };
        command.SetAction((parsed, cancellationToken) => Invocation.WithMigratorAsync(parsed, host, async migrator =>
        {
            var progress = new ProgressLines(host, parsed.GetValue(verbose), TimeProvider.System);
            var options = new RollbackOptions
            {
                AllowPooler = parsed.GetValue(allowPooler),
                DropTables = parsed.GetValue(dropTable) ?? [],
                Progress = progress,
                Activity = progress,
            };
            var result = await Invocation.WithProgressAsync(progress, () => migrator.RollbackAsync(parsed.GetValue(to), options, cancellationToken)).ConfigureAwait(false);
            await (parsed.GetValue(json) ? JsonOutput.WriteAsync(host, result) : host.Out.WriteLineAsync(Say(result))).ConfigureAwait(false);
            return ExitCode.Done;
        }));
        return command;
    }

    private static string Say(RollbackResult result) =>
        result.RolledBack.Count == 0 ? "Nothing was left to do."
        : result.KeptTables.Count == 0 ? $"Taken back: {string.Join(", ", result.RolledBack)}."
        : $"Taken back: {string.Join(", ", result.RolledBack)}. Left as they are, since they were there before the adoption: {string.Join(", ", result.KeptTables)}. "
            + "What the adoption recorded of them is forgotten; aispec adopt takes them over again.";
}
