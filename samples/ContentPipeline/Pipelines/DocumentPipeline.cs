using System.Text.Json.Nodes;
using AiSystemSpec.Sdk;
using ContentPipeline.Input;
using ContentPipeline.Publishing;
using ContentPipeline.Quality;
using ContentPipeline.Researching;
using ContentPipeline.Scripting;

namespace ContentPipeline.Pipelines;

/// <summary>
/// Takes one document through read, research, script, qa and publish. A stage that throws ends the run; its row says why.
/// </summary>
internal sealed class DocumentPipeline(
    IResearchCache cache, IScriptStore scripts, IRunLogger runs, IResearcher researcher, Publisher publisher)
{
    private const int MaxResearchAttempts = 3;

    /// <summary>Runs one document.</summary>
    /// <returns>What was done, in a few words.</returns>
    public async Task<string> RunAsync(string runId, DocumentItem item, CancellationToken cancellationToken)
    {
        var document = await ReadAsync(runId, item, cancellationToken);
        var research = await ResearchAsync(runId, document, cancellationToken);
        var script = await WriteScriptAsync(runId, document, research.Entry, cancellationToken);
        await CheckAsync(runId, script, research.Entry, cancellationToken);
        await PublishAsync(runId, item.Id, document, script, cancellationToken);
        return research.Outcome == ResearchOutcome.Researched ? "researched, published" : "cache hit, published";
    }

    private Task<SourceDocument> ReadAsync(string runId, DocumentItem item, CancellationToken cancellationToken) =>
        runs.RunStageAsync(
            runId,
            Stages.Read,
            async (scope, token) =>
            {
                var document = await SourceDocument.ReadAsync(item.Path, token);
                scope.OutputRefs = new JsonObject { ["topic"] = document.Title };
                return document;
            },
            new StageOptions { InputRefs = new JsonObject { ["file"] = Path.GetFileName(item.Path) } },
            cancellationToken);

    // Cache first: the researcher is called only where nothing fresh stands, and then once for all who ask.
    private Task<ResearchResult> ResearchAsync(string runId, SourceDocument document, CancellationToken cancellationToken) =>
        runs.RunStageAsync(
            runId,
            Stages.Research,
            async (scope, token) =>
            {
                var result = await cache.GetOrResearchAsync(
                    document.Title,
                    async (_, researchToken) => Account(scope, await researcher.ResearchAsync(document, researchToken)),
                    cancellationToken: token);
                scope.CacheHit = result.Outcome != ResearchOutcome.Researched;
                scope.OutputRefs = new JsonObject { ["research_id"] = result.Entry.Id };
                return result;
            },
            new StageOptions { MaxAttempts = MaxResearchAttempts, IsTransient = researcher.IsTransient, InputRefs = new JsonObject { ["topic"] = document.Title } },
            cancellationToken);

    private static string Account(StageScope scope, ResearchAnswer answer)
    {
        if (answer.Tokens is { } tokens)
        {
            scope.AddTokens(tokens);
        }

        if (answer.CostUsd is { } cost)
        {
            scope.AddCost(cost);
        }

        return answer.Text;
    }

    // A script that was written from this very research is good for as long as the research is.
    private async Task<VideoScript> WriteScriptAsync(
        string runId, SourceDocument document, ResearchEntry research, CancellationToken cancellationToken)
    {
        var inputRefs = new JsonObject { ["research_id"] = research.Id };
        var filter = new ScriptFilter { Contains = VideoScript.ReferenceTo(research.Id), From = research.CreatedAt };
        if (await scripts.GetLatestAsync(filter, cancellationToken) is { } known)
        {
            runs.Skip(runId, Stages.Script, new SkipOptions { InputRefs = inputRefs, OutputRefs = new JsonObject { ["script_id"] = known.Id }, CacheHit = true });
            return VideoScript.Parse(known.Content!);
        }

        return await runs.RunStageAsync(
            runId,
            Stages.Script,
            async (scope, token) =>
            {
                var script = ScriptWriter.Write(document.Title, research);
                var saved = await scripts.SaveAsync(script.ToText(), token);
                scope.OutputRefs = new JsonObject { ["script_id"] = saved.Id };
                return script;
            },
            new StageOptions { InputRefs = inputRefs },
            cancellationToken);
    }

    private Task<int> CheckAsync(string runId, VideoScript script, ResearchEntry research, CancellationToken cancellationToken) =>
        runs.RunStageAsync(
            runId,
            Stages.Quality,
            (scope, _) =>
            {
                var checks = QualityChecks.Ask(script, research);
                foreach (var check in checks)
                {
                    scope.Set(check.Name, check.Passed);
                }

                return checks.All(check => check.Passed)
                    ? Task.FromResult(checks.Count)
                    : throw new QualityException(checks.Where(check => !check.Passed));
            },
            cancellationToken: cancellationToken);

    // The same as RunStageAsync by hand, for work that does not fit into a delegate.
    private async Task PublishAsync(
        string runId, string id, SourceDocument document, VideoScript script, CancellationToken cancellationToken)
    {
        using var scope = runs.BeginStage(runId, Stages.Publish, new JsonObject { ["research_id"] = script.ResearchId });
        try
        {
            var path = await publisher.PublishAsync(id, runId, document.FileName, script, cancellationToken);
            scope.OutputRefs = new JsonObject { ["file"] = path };
            scope.Complete();
        }
        catch (Exception exception)
        {
            scope.Fail(exception);
            throw;
        }
    }
}
