using System.Security.Cryptography;
using AiSystemSpec.Sdk;
using ContentPipeline.CommandLine;
using ContentPipeline.Input;
using ContentPipeline.Pipelines;
using ContentPipeline.Publishing;
using ContentPipeline.Reporting;
using ContentPipeline.Researching;
using Microsoft.Extensions.DependencyInjection;

namespace ContentPipeline;

/// <summary>The program: opens the database, makes the passes, and prints what stands in the run log.</summary>
internal sealed class Application(PipelineOptions options, TextWriter output)
{
    private const int BatchBytes = 4;

    private readonly string _batch = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(BatchBytes));

    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var researcher = Researchers.Choose(Environment.GetEnvironmentVariable, options.UsdPerMillionTokens);
        var input = InputFolder.Open(options.Input);
        var publisher = new Publisher(CreateOutput());
        Introduce(input, researcher);
        await using var database = await PipelineDatabase.OpenAsync(options.Connection, cancellationToken);
        _ = await database.Services.GetRequiredService<IResearchCache>().WriteSystemEventAsync("System Boot", cancellationToken);
        output.WriteLine($"Database  {database.Source}: migrated, boot log written");

        var passes = await RunPassesAsync(database.Services, input.Items, researcher, publisher, cancellationToken);
        var flushed = await database.Services.GetRequiredService<IRunLogger>().FlushAsync(cancellationToken);
        await WriteTablesAsync(database.Services.GetRequiredService<IRunHistory>(), passes, cancellationToken);
        output.WriteLine($"Published in {publisher.Folder}");
        if (flushed.Lost > 0)
        {
            output.WriteLine($"{flushed.Lost} rows of the run log were lost.");
        }

        return flushed.Lost > 0 || passes.Any(pass => pass.Any(report => report.Error is not null)) ? ExitCode.Failed : ExitCode.Done;
    }

    private string CreateOutput()
    {
        try
        {
            return options.Output is null
                ? Directory.CreateTempSubdirectory("content-pipeline-").FullName
                : Directory.CreateDirectory(options.Output).FullName;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"The folder '{options.Output}' of --output cannot be made: {exception.Message}");
        }
    }

    private void Introduce(InputFolder input, IResearcher researcher)
    {
        output.WriteLine($"Input     {ConsoleText.OneLine(options.Input)}: {input.Items.OfType<DocumentItem>().Count()} documents, artifacts of {input.Items.OfType<ArtifactsItem>().Count()} ids");
        output.WriteLine($"Research  {ConsoleText.OneLine(researcher.Name)}");
        if (input.LeftAlone.Count > 0)
        {
            output.WriteLine($"Left out  {ConsoleText.OneLine(string.Join(", ", input.LeftAlone))}: neither *.md, *.txt nor <id>_<kind>.json");
        }
    }

    private async Task<List<IReadOnlyList<RunReport>>> RunPassesAsync(
        IServiceProvider services, IReadOnlyList<InputItem> items, IResearcher researcher, Publisher publisher, CancellationToken cancellationToken)
    {
        var cache = services.GetRequiredService<IResearchCache>();
        var scripts = services.GetRequiredService<IScriptStore>();
        var runs = services.GetRequiredService<IRunLogger>();
        var pass = new PipelinePass(new DocumentPipeline(cache, scripts, runs, researcher, publisher), new ArtifactPipeline(cache, scripts, runs));
        var reports = new List<IReadOnlyList<RunReport>>();
        for (var number = 1; number <= options.Passes; number++)
        {
            output.WriteLine();
            output.WriteLine($"Pass {number} of {options.Passes}");
            reports.Add(await pass.RunAsync($"{_batch}-{number}", items, new Progress(output, items.Count).Report, cancellationToken));
        }

        return reports;
    }

    private async Task WriteTablesAsync(IRunHistory history, List<IReadOnlyList<RunReport>> passes, CancellationToken cancellationToken)
    {
        var summaries = new List<string>();
        foreach (var (index, reports) in passes.Index())
        {
            var runs = new List<(string ItemId, RunTimeline Run)>();
            foreach (var report in reports)
            {
                if (await history.GetRunAsync(report.RunId, cancellationToken) is { } run)
                {
                    runs.Add((report.ItemId, run));
                }
            }

            output.WriteLine();
            output.WriteLine($"Pass {index + 1}, runs {_batch}-{index + 1}/…");
            RunTable.Write(output, runs);
            summaries.Add(PassSummary.Of(index + 1, reports, [.. runs.Select(run => run.Run)]));
        }

        output.WriteLine();
        summaries.ForEach(output.WriteLine);
    }
}
