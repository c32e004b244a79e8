using System.Text.RegularExpressions;

namespace ContentPipeline.Researching;

/// <summary>Splits prose into sentences.</summary>
internal static partial class Sentences
{
    /// <summary>The most characters of a sentence; what is longer is cut between words, since nobody can speak it.</summary>
    public const int MaxLength = 500;

    public static IEnumerable<string> Split(string paragraph) =>
        End().Split(paragraph).Select(sentence => sentence.Trim()).Where(sentence => sentence.Length > 0).SelectMany(Cut);

    private static IEnumerable<string> Cut(string sentence)
    {
        while (sentence.Length > MaxLength)
        {
            var space = sentence.LastIndexOf(' ', MaxLength - 1);
            var end = space > 0 ? space : char.IsHighSurrogate(sentence[MaxLength - 1]) ? MaxLength - 1 : MaxLength;
            yield return sentence[..end].TrimEnd();
            sentence = sentence[end..].TrimStart();
        }

        if (sentence.Length > 0)
        {
            yield return sentence;
        }
    }

    // After a full stop and its closing quote, where white space and something that can begin a sentence follow; or after a CJK full stop.
    [GeneratedRegex("""(?<=[.!?…]["'”’)\]]?)\s+(?=["'“‘(\[¿¡]?[\p{Lu}\p{Lo}\p{Nd}])|(?<=[。！？])""", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex End();
}
