using AiSystemSpec.Sdk;
using ContentPipeline.Input;
using ContentPipeline.Scripting;

namespace ContentPipeline.Quality;

/// <summary>The checks of the QA stage.</summary>
internal static class QualityChecks
{
    private static readonly string[] Markup = ["```", "](", "</"];

    public static IReadOnlyList<QualityCheck> Ask(VideoScript script, ResearchEntry research)
    {
        var source = MarkdownText.ToPlain(research.Content!);
        return
        [
            new("has_words", script.Lines.Any(line => line.Any(char.IsLetterOrDigit))),
            new("speakable", !script.Lines.Any(line => Markup.Any(mark => line.Contains(mark, StringComparison.Ordinal)))),
            new("invents_nothing", script.Lines.All(line => source.Contains(line, StringComparison.Ordinal))),
            new("names_its_research", script.ResearchId == research.Id),
        ];
    }
}
