using System.Text.Json.Nodes;
using AiSystemSpec.Sdk;
using ContentPipeline.Input;

namespace ContentPipeline.Pipelines;

/// <summary>
/// Takes over what an upstream pipeline left for one id, a stage for each artifact, named by its kind: research goes into the cache and
/// scripts into the history as they are; of any other kind the run keeps a reference. What stands there already is a cache hit.
/// </summary>
internal sealed class ArtifactPipeline(IResearchCache cache, IScriptStore scripts, IRunLogger runs)
{
    /// <summary>
    /// Takes over one id's artifacts. One that is not JSON fails its stage and so the run; the others are taken over all the same.
    /// </summary>
    /// <returns>What was done, in a few words.</returns>
    public async Task<string> RunAsync(string runId, ArtifactsItem item, CancellationToken cancellationToken)
    {
        var failures = new List<Exception>();
        foreach (var artifact in item.Artifacts)
        {
            try
            {
                await TakeOverAsync(runId, item.Id, artifact, cancellationToken);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                failures.Add(exception);
            }
        }

        return failures.Count == 0
            ? $"took over {string.Join(", ", item.Artifacts.Select(artifact => artifact.Kind))}"
            : throw new ArtifactException(failures);
    }

    private Task<bool> TakeOverAsync(string runId, string id, Artifact artifact, CancellationToken cancellationToken) =>
        runs.RunStageAsync(
            runId,
            artifact.Kind,
            async (scope, token) =>
            {
                var content = await ArtifactContent.ReadAsync(artifact.Path, token);
                await (artifact.Kind switch
                {
                    ArtifactName.Research => StoreResearchAsync(scope, content.Topic ?? id, content.Text, token),
                    ArtifactName.LongScript or ArtifactName.ShortScripts => SaveScriptAsync(scope, content.Text, token),
                    _ => KeepReferenceAsync(scope, artifact),
                });
                return true;
            },
            new StageOptions { InputRefs = new JsonObject { ["file"] = Path.GetFileName(artifact.Path) } },
            cancellationToken);

    // Other content under the same topic is no longer valid, so that the artifact takes its place.
    private async Task StoreResearchAsync(StageScope scope, string topic, string text, CancellationToken cancellationToken)
    {
        var result = await cache.GetOrResearchAsync(
            topic,
            (_, _) => Task.FromResult(text),
            new ResearchOptions { IsValid = content => string.Equals(content, text, StringComparison.Ordinal) },
            cancellationToken);
        scope.CacheHit = result.Outcome != ResearchOutcome.Researched;
        scope.OutputRefs = new JsonObject { ["topic"] = topic, ["research_id"] = result.Entry.Id };
    }

    private async Task SaveScriptAsync(StageScope scope, string text, CancellationToken cancellationToken)
    {
        var known = await scripts.GetLatestAsync(new ScriptFilter { Contains = text }, cancellationToken);
        scope.CacheHit = string.Equals(known?.Content, text, StringComparison.Ordinal);
        var script = scope.CacheHit ? known! : await scripts.SaveAsync(text, cancellationToken);
        scope.OutputRefs = new JsonObject { ["script_id"] = script.Id };
    }

    private static Task KeepReferenceAsync(StageScope scope, Artifact artifact)
    {
        scope.OutputRefs = new JsonObject { [artifact.Kind] = artifact.Path };
        return Task.CompletedTask;
    }
}
