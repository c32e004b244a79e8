using System.CommandLine;
using System.Globalization;
using AiSystemSpec.Sdk.Cli.Output;
using AiSystemSpec.Sdk.Cli.Terminal;
using Microsoft.Extensions.DependencyInjection;

namespace AiSystemSpec.Sdk.Cli.Commands;

internal static class RunsCommand
{
    private const int DefaultLimit = 50;

    // What a page of the history takes.
    private const int MostRows = 1_000;

    public static Command Create(CliHost host)
    {
        var json = SharedOptions.Json();
        var runId = new Argument<string?>("run-id") { Description = "A run, in any spelling of its id: its rows, oldest first.", Arity = ArgumentArity.ZeroOrOne };
        var stage = new Option<string?>("--stage") { Description = "Only rows of this stage." };
        var status = new Option<string?>("--status") { Description = "Only rows with this status." };
        var limit = SharedOptions.Count("--limit", $"The most rows to print, newest first. Default: {DefaultLimit}.", most: MostRows);
        var command = new Command("runs", "Prints rows of the run log.") { runId, stage, status, limit, json };
        command.SetAction((parsed, cancellationToken) => Invocation.WithServicesAsync(parsed, host, async services =>
        {
            var history = services.GetRequiredService<IRunHistory>();
            IReadOnlyList<PipelineRun> rows;
            if (parsed.GetValue(runId) is { } id)
            {
                rows = (await history.GetRunAsync(id, cancellationToken).ConfigureAwait(false))?.Rows ?? [];
            }
            else
            {
                var filter = new RunFilter { Stage = parsed.GetValue(stage), Status = parsed.GetValue(status) is { } text ? new RunStatus(text) : null };
                rows = (await history.QueryAsync(filter, new PageRequest { Limit = parsed.GetValue(limit) ?? DefaultLimit }, cancellationToken).ConfigureAwait(false)).Items;
            }

            await (parsed.GetValue(json) ? JsonOutput.WriteAsync(host, rows.Select(Row)) : WriteAsync(host, rows)).ConfigureAwait(false);
            return ExitCode.Done;
        }, cancellationToken));
        return command;
    }

    private static object Row(PipelineRun row) => new
    {
        row.Id,
        row.RunId,
        row.Stage,
        row.Status,
        row.Attempts,
        row.ErrorSummary,
        row.Metrics?.LatencyMs,
        row.Metrics?.Tokens,
        row.Metrics?.CostUsd,
        row.Metrics?.CacheHit,
        row.CreatedAt,
    };

    private static async Task WriteAsync(CliHost host, IReadOnlyList<PipelineRun> rows)
    {
        string[][] cells =
        [
            ["CREATED", "RUN", "STAGE", "STATUS", "ATTEMPT", "LATENCY MS", "TOKENS", "COST USD", "CACHE HIT", "ERROR"],
            .. rows.Select(row => new[]
            {
                row.CreatedAt?.UtcDateTime.ToString("u", CultureInfo.InvariantCulture) ?? "",
                row.RunId ?? "",
                row.Stage ?? "",
                row.Status?.Value ?? "",
                Text(row.Attempts),
                Text(row.Metrics?.LatencyMs),
                Text(row.Metrics?.Tokens),
                Text(row.Metrics?.CostUsd),
                row.Metrics?.CacheHit?.ToString() ?? "",
                row.ErrorSummary?.ReplaceLineEndings(" ") ?? "",
            }),
        ];
        var widths = Enumerable.Range(0, cells[0].Length).Select(column => cells.Max(line => line[column].Length)).ToArray();
        foreach (var line in cells)
        {
            await host.Out.WriteLineAsync(string.Join("  ", line.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd()).ConfigureAwait(false);
        }
    }

    private static string Text<T>(T? value)
        where T : struct, IFormattable => value?.ToString(format: null, CultureInfo.InvariantCulture) ?? "";
}
