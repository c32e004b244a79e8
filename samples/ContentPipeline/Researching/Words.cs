using System.Text.RegularExpressions;

namespace ContentPipeline.Researching;

/// <summary>The words of a text, in lower case.</summary>
internal static partial class Words
{
    private const int MinInterestingLength = 4;

    private static readonly HashSet<string> Common = new(StringComparer.Ordinal)
    {
        "about", "after", "also", "been", "before", "came", "could", "does", "each", "even", "ever", "every", "from", "have", "here", "into",
        "just", "know", "made", "make", "many", "more", "most", "much", "must", "never", "nobody", "none", "nothing", "only", "other", "over",
        "same", "should", "since", "some", "somebody", "such", "than", "that", "their", "them", "then", "there", "therefore", "these", "they",
        "this", "those", "under", "until", "very", "were", "what", "when", "where", "which", "while", "will", "with", "would", "your",
    };

    public static IEnumerable<string> In(string text) => Word().Matches(text).Select(match => match.Value.ToLowerInvariant());

    public static long Count(IEnumerable<string> texts) => texts.Sum(text => (long)Word().Count(text));

    /// <summary>Counts the words that tell what a text is about: not short, and not common in every text.</summary>
    public static Dictionary<string, int> CountInteresting(IEnumerable<string> texts) =>
        texts.SelectMany(In)
            .Where(word => word.Length >= MinInterestingLength && !Common.Contains(word))
            .CountBy(word => word, StringComparer.Ordinal)
            .ToDictionary(StringComparer.Ordinal);

    [GeneratedRegex(@"[\p{L}\p{Nd}][\p{L}\p{Nd}'’-]*", RegexOptions.NonBacktracking)]
    private static partial Regex Word();
}
