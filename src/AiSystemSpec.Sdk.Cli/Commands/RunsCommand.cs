using System.CommandLine;
using AiSystemSpec.Sdk.Cli.Output;
using AiSystemSpec.Sdk.Cli.Terminal;
using Microsoft.Extensions.DependencyInjection;

namespace AiSystemSpec.Sdk.Cli.Commands;

internal static class RunsCommand
{
    private const int DefaultLimit = 50;

    // What a page of the history takes.
    private const int MostRows = 1_000;

    private const string Statuses = "success, failure, retry or skipped";

    public static Command Create(CliHost host)
    {
        var json = SharedOptions.Json();
        var runId = new Argument<string?>("run-id") { Description = "A run, in any spelling of its id: its rows, oldest first.", Arity = ArgumentArity.ZeroOrOne };
        var stage = new Option<string?>("--stage") { Description = "Only rows of this stage." };
        var status = new Option<string?>("--status") { Description = $"Only rows with this status: {Statuses}." };
        var limit = SharedOptions.Count("--limit", $"The most rows to print, newest first. Default: {DefaultLimit}.", most: MostRows);
        var command = new Command("runs", "Prints rows of the run log.") { runId, stage, status, limit, json };
        command.SetAction((parsed, cancellationToken) =>
        {
            var id = parsed.GetValue(runId);
            if (id is not null)
            {
                SharedOptions.ThrowIfGiven(parsed, "a run id, which prints all rows of the run", stage, status, limit);
            }

            var filter = new RunFilter { Stage = parsed.GetValue(stage), Status = parsed.GetValue(status) is { } text ? new RunStatus(text) : null };
            return Invocation.WithServicesAsync(parsed, host, async services =>
            {
                var history = services.GetRequiredService<IRunHistory>();
                var rows = id is null
                    ? (await history.QueryAsync(filter, new PageRequest { Limit = parsed.GetValue(limit) ?? DefaultLimit }, cancellationToken).ConfigureAwait(false)).Items
                    : await FindAsync(history, id, cancellationToken).ConfigureAwait(false);
                ThrowIfNoSuchStatus(filter.Status, rows);
                await (parsed.GetValue(json) ? JsonOutput.WriteAsync(host, rows.Select(RunRows.Exact)) : RunRows.Table(rows).WriteAsync(host)).ConfigureAwait(false);
                return ExitCode.Done;
            }, cancellationToken);
        });
        return command;
    }

    private static async Task<IReadOnlyList<PipelineRun>> FindAsync(IRunHistory history, string id, CancellationToken cancellationToken) =>
        (await history.GetRunAsync(id, cancellationToken).ConfigureAwait(false))?.Rows is { Count: > 0 } rows
            ? rows
            : throw new NotFoundException($"There is no run \"{id}\". aispec runs lists the newest rows, with their runs.");

    // Rows of other programs may have any status, so that only one that no row has is a mistake.
    private static void ThrowIfNoSuchStatus(RunStatus? status, IReadOnlyList<PipelineRun> rows)
    {
        if (rows.Count == 0 && status is { IsKnown: false } unknown)
        {
            throw new UsageException($"--status is \"{unknown.Value}\", which no row has. Give {Statuses}.");
        }
    }
}
