using AiSystemSpec.Sdk;
using ContentPipeline.Input;
using ContentPipeline.Researching;

namespace ContentPipeline.Scripting;

/// <summary>Turns research into a script: one line for each sentence, in the order of the research.</summary>
internal static class ScriptWriter
{
    private const int MaxLines = 24;

    public static VideoScript Write(string topic, ResearchEntry research) =>
        new(topic, research.Id, [.. research.Content!.Split('\n').Select(MarkdownText.ToPlain).SelectMany(Sentences.Split).Take(MaxLines)]);
}
