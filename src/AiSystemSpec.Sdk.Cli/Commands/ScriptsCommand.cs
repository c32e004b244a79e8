using System.CommandLine;
using AiSystemSpec.Sdk.Cli.Output;
using AiSystemSpec.Sdk.Cli.Terminal;
using Microsoft.Extensions.DependencyInjection;

namespace AiSystemSpec.Sdk.Cli.Commands;

internal static class ScriptsCommand
{
    private const int DefaultLimit = 50;
    private const int MostRows = 1_000;

    public static Command Create(CliHost host) => new("scripts", "Reads and restores the script history.")
    {
        List(host),
        Show(host),
        Diff(host),
        Restore(host),
        ScriptsWatchCommand.Create(host),
    };

    private static Command List(CliHost host)
    {
        var json = SharedOptions.Json();
        var contains = new Option<string?>("--contains") { Description = "Only scripts whose content has this text." };
        var path = new Option<string?>("--path") { Description = "Only scripts that are JSON and have this property, such as meta.episode." };
        var value = new Option<string?>("--value") { Description = "The value that --path must have." };
        var from = SharedOptions.Moment("--from", "Only scripts from this moment on.");
        var to = SharedOptions.Moment("--to", "Only scripts before this moment.");
        var limit = SharedOptions.Count("--limit", $"The most scripts to print, newest first. Default: {DefaultLimit}.", most: MostRows);
        var command = new Command("list", "Lists scripts, newest first.") { contains, path, value, from, to, limit, json };
        command.SetAction((parsed, cancellationToken) =>
        {
            var filter = new ScriptFilter
            {
                Contains = parsed.GetValue(contains),
                JsonPath = parsed.GetValue(path),
                JsonValue = parsed.GetValue(value),
                From = parsed.GetValue(from),
                To = parsed.GetValue(to),
            };
            return Invocation.WithServicesAsync(parsed, host, async services =>
            {
                var scripts = await FindAsync(services.GetRequiredService<IScriptStore>(), filter, parsed.GetValue(limit) ?? DefaultLimit, cancellationToken).ConfigureAwait(false);
                await (parsed.GetValue(json) ? JsonOutput.WriteAsync(host, scripts) : ScriptRows.Table(scripts).WriteAsync(host)).ConfigureAwait(false);
                return ExitCode.Done;
            }, cancellationToken);
        });
        return command;
    }

    /// <summary>As many as are wanted: a page of a search may be short, and go on.</summary>
    private static async Task<List<Script>> FindAsync(IScriptStore store, ScriptFilter filter, int limit, CancellationToken cancellationToken)
    {
        var found = new List<Script>();
        string? cursor = null;
        do
        {
            var page = await store.ListAsync(filter, new PageRequest { Cursor = cursor, Limit = limit - found.Count }, cancellationToken).ConfigureAwait(false);
            found.AddRange(page.Items);
            cursor = page.NextCursor;
        }
        while (cursor is not null && found.Count < limit);

        return found;
    }

    private static Command Show(CliHost host)
    {
        var json = SharedOptions.Json();
        var id = Id("id", "The script.");
        var command = new Command("show", "Prints a script: exactly in a pipe, without what would command a terminal on one.") { id, json };
        command.SetAction((parsed, cancellationToken) => Invocation.WithServicesAsync(parsed, host, async services =>
        {
            var script = await GetAsync(services, parsed.GetValue(id), cancellationToken).ConfigureAwait(false);
            await (parsed.GetValue(json) ? JsonOutput.WriteAsync(host, script) : WriteAsync(host, script.Content ?? "")).ConfigureAwait(false);
            return ExitCode.Done;
        }, cancellationToken));
        return command;
    }

    private static Command Diff(CliHost host)
    {
        var json = SharedOptions.Json();
        var (from, to) = (Id("from", "The older script."), Id("to", "The newer one."));
        var command = new Command("diff", "Compares two scripts, line by line; with --json, JSON by place, too.") { from, to, json };
        command.SetAction((parsed, cancellationToken) => Invocation.WithServicesAsync(parsed, host, async services =>
        {
            var diff = ScriptDiff.Compare(
                await GetAsync(services, parsed.GetValue(from), cancellationToken).ConfigureAwait(false),
                await GetAsync(services, parsed.GetValue(to), cancellationToken).ConfigureAwait(false));
            await (parsed.GetValue(json) ? JsonOutput.WriteAsync(host, diff) : WriteAsync(host, diff.ToUnifiedText().TrimEnd('\n'))).ConfigureAwait(false);
            return ExitCode.Done;
        }, cancellationToken));
        return command;
    }

    private static Command Restore(CliHost host)
    {
        var json = SharedOptions.Json();
        var id = Id("id", "The script to restore.");
        var command = new Command("restore", "Appends an old script anew, so that it is the newest.") { id, json };
        command.SetAction((parsed, cancellationToken) => Invocation.WithServicesAsync(parsed, host, async services =>
        {
            var old = await GetAsync(services, parsed.GetValue(id), cancellationToken).ConfigureAwait(false);
            var script = await services.GetRequiredService<IScriptStore>().RestoreAsync(old.Id, cancellationToken).ConfigureAwait(false);
            await (parsed.GetValue(json) ? JsonOutput.WriteAsync(host, script) : host.Out.WriteLineAsync($"Restored {old.Id} as {script.Id}.")).ConfigureAwait(false);
            return ExitCode.Done;
        }, cancellationToken));
        return command;
    }

    /// <summary>Exactly where a program reads it; without what would command a terminal on one.</summary>
    private static Task WriteAsync(CliHost host, string text) =>
        text.Length == 0 ? Task.CompletedTask : host.Width is null ? host.Out.WriteOwnLineAsync(text) : host.Out.WriteLineAsync(text);

    private static async Task<Script> GetAsync(IServiceProvider services, Guid id, CancellationToken cancellationToken) =>
        await services.GetRequiredService<IScriptStore>().GetAsync(id, cancellationToken).ConfigureAwait(false)
        ?? throw new NotFoundException($"There is no script {id}. aispec scripts list lists the newest.");

    private static Argument<Guid> Id(string name, string description) => new(name) { Description = $"{description} Its id, as aispec scripts list prints it." };
}
