using System.Text.Json.Nodes;
using AiSystemSpec.Sdk.Runs.Formatting;

namespace AiSystemSpec.Sdk.Runs.Stages;

/// <summary>Begins the attempts at stages, whose rows go to one sink.</summary>
internal sealed class StageStarter(IRowSink sink, TimeProvider timeProvider)
{
    public StageScope Begin(string runId, string stage, JsonNode? inputRefs, int attempt)
    {
        RunEntryRules.ThrowIfBroken(runId, stage, attempt);
        return new StageScope(sink, timeProvider, runId, stage, attempt, sink.Formatter.CopyRefs(inputRefs, nameof(inputRefs)));
    }
}
