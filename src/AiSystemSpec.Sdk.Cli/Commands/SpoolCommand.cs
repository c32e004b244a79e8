using System.CommandLine;
using System.Globalization;
using AiSystemSpec.Sdk.Cli.Output;
using AiSystemSpec.Sdk.Cli.Terminal;
using AiSystemSpec.Sdk.Connections;
using AiSystemSpec.Sdk.Runs.Replay;
using AiSystemSpec.Sdk.Runs.Spool;
using Microsoft.Extensions.DependencyInjection;

namespace AiSystemSpec.Sdk.Cli.Commands;

internal static class SpoolCommand
{
    public static Command Create(CliHost host) => new("spool", "Looks into the folder in which hosts keep run rows while their database is away (RunLog:SpoolDirectory).")
    {
        CreateList(host),
        CreateReplay(host),
    };

    private static Command CreateList(CliHost host)
    {
        var (directory, json) = (Directory("The spool directory."), SharedOptions.Json());
        var command = new Command("list", "Lists what waits: whose rows, how many, how old, and what is damaged. Needs no database and changes nothing.") { directory, json };
        command.SetAction(async (parsed, _) =>
        {
            var inventory = SpoolInventory.Of(Existing(parsed.GetValue(directory)!));
            await (parsed.GetValue(json) ? JsonOutput.WriteAsync(host, inventory) : WriteAsync(host, inventory)).ConfigureAwait(false);
            return ExitCode.Done;
        });
        return command;
    }

    private static Command CreateReplay(CliHost host)
    {
        var (directory, json) = (Directory("The spool directory, or one folder in it."), SharedOptions.Json());
        var command = new Command("replay", "Writes what waits into the database of --connection, also rows that were meant for another one. Rows that are there already are found and not written twice.") { directory, json };
        command.SetAction((parsed, cancellationToken) =>
        {
            var path = Existing(parsed.GetValue(directory)!);
            return Invocation.WithServicesAsync(parsed, host, async services =>
            {
                var replay = new SpoolReplay(services.GetRequiredService<Database>(), TimeProvider.System, new ErrorLog(host));
                var result = await replay.RunAsync(path, cancellationToken).ConfigureAwait(false);
                await (parsed.GetValue(json) ? JsonOutput.WriteAsync(host, result) : WriteAsync(host, result)).ConfigureAwait(false);
                var isDone = result is { Waiting: 0, Refused: 0, Damaged: 0, InUse.Count: 0, LeftAlone.Count: 0 };
                return isDone ? ExitCode.Done : ExitCode.FailedOrRefused;
            }, cancellationToken);
        });
        return command;
    }

    private static Argument<string> Directory(string description) => new("directory") { Description = description };

    private static string Existing(string path) =>
        System.IO.Directory.Exists(path) ? path : throw new UsageException($"There is no folder {path}. Name the one that RunLog:SpoolDirectory names.");

    private static async Task WriteAsync(CliHost host, SpoolInventory inventory)
    {
        foreach (var folder in inventory.Folders)
        {
            await host.Out.WriteLineAsync($"{folder.Name}: {Say(folder.State)}{(folder.Error is null ? "" : $" ({folder.Error})")}").ConfigureAwait(false);
            await host.Out.WriteLineAsync($"  for {Say(folder.Owner)}").ConfigureAwait(false);
            await host.Out.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture, $"  {folder.Rows} rows, {folder.Bytes} bytes{Age(folder.Age)}{(folder.Damaged > 0 ? $", {folder.Damaged} damaged places" : "")}")).ConfigureAwait(false);
        }

        await host.Out.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"{inventory.Folders.Count} folders, {inventory.Folders.Sum(folder => folder.Rows)} rows; {inventory.SetAsideRows} refused rows in set-aside.jsonl, {inventory.DamagedFiles.Count} files with what could not be read.")).ConfigureAwait(false);
    }

    private static async Task WriteAsync(CliHost host, SpoolReplayResult result)
    {
        await host.Out.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"{result.Written} rows went in, {result.Existing} were there already, {result.Refused} were refused, {result.Damaged} could not be read, {result.Waiting} still wait.")).ConfigureAwait(false);
        foreach (var name in result.InUse)
        {
            await host.Error.WriteLineAsync($"{name} is in use by a living process, which replays it itself.").ConfigureAwait(false);
        }

        foreach (var name in result.LeftAlone)
        {
            await host.Error.WriteLineAsync($"{name} was left: it is of another version, or something in it cannot be read. See aispec spool list.").ConfigureAwait(false);
        }

        if (result.Error is not null)
        {
            await host.Error.WriteLineAsync($"Rows still wait: {result.Error}").ConfigureAwait(false);
        }
    }

    private static string Say(FolderState state) => state switch
    {
        FolderState.Left => "left by a process that is gone",
        FolderState.Held => "in use",
        FolderState.OtherVersion => "of another version of the SDK",
        FolderState.Unknown => "nothing says whose rows it holds",
        _ => "cannot be read",
    };

    private static string Say(DatabaseIdentity? owner) => owner is null ? "an unknown database" : string.Create(
        CultureInfo.InvariantCulture,
        $"{owner.Target}{(owner.Server is { } server ? $", server {server.SystemIdentifier}, database {server.DatabaseOid}" : "")}{(owner.Id is { } id ? $", id {id}" : "")}");

    private static string Age(TimeSpan? age) =>
        age is { } known ? string.Create(CultureInfo.InvariantCulture, $", {known:d\\.hh\\:mm\\:ss} old") : "";
}
