using ContentPipeline.Input;

namespace ContentPipeline.Researching;

/// <summary>
/// Picks a document's own key sentences: those whose words the document comes back to most. Needs no network and costs nothing.
/// Its tokens are the words that it read and wrote.
/// </summary>
internal sealed class ExtractiveResearcher : IResearcher
{
    private const int MinSentences = 3;
    private const int MaxSentences = 8;
    private const int SentencesPerPick = 3;

    public string Name => "offline, the documents' own key sentences";

    public Task<ResearchAnswer> ResearchAsync(SourceDocument document, CancellationToken cancellationToken)
    {
        var sentences = document.Paragraphs.SelectMany(Sentences.Split).ToList();
        var weights = Words.CountInteresting(sentences);
        var count = Math.Clamp(sentences.Count / SentencesPerPick, MinSentences, MaxSentences);
        var picked = sentences
            .Select((text, index) => (text, index, score: Score(text, weights)))
            .OrderByDescending(sentence => sentence.score)
            .ThenBy(sentence => sentence.index)
            .Take(count)
            .OrderBy(sentence => sentence.index)
            .Select(sentence => sentence.text)
            .ToList();
        var tokens = Words.Count(sentences) + Words.Count(picked);
        return Task.FromResult(new ResearchAnswer(string.Join('\n', picked), tokens, CostUsd: 0));
    }

    public bool IsTransient(Exception exception) => false;

    // The square root lets a long sentence win by what it says, not by its length.
    private static double Score(string sentence, Dictionary<string, int> weights)
    {
        var words = Words.In(sentence).ToList();
        return words.Count == 0 ? 0 : words.Sum(word => weights.GetValueOrDefault(word)) / Math.Sqrt(words.Count);
    }
}
