namespace AiSystemSpec.Sdk.Cli.Output;

/// <summary>Finds what was meant by a mistyped word.</summary>
internal static class Suggestion
{
    private const int MostEdits = 3;

    /// <returns>The likeliest of the words; null where none is like it.</returns>
    public static string? Find(string typed, IEnumerable<string> words) => words
        .Select(word => (word, edits: Distance(typed, word)))
        .Where(candidate => candidate.edits <= Math.Min(MostEdits, candidate.word.Length / 2))
        .OrderBy(candidate => candidate.edits)
        .ThenBy(candidate => candidate.word, StringComparer.Ordinal)
        .Select(candidate => candidate.word)
        .FirstOrDefault();

    // Optimal string alignment: letters put in, left out, exchanged, or swapped with the next.
    private static int Distance(string from, string to)
    {
        var edits = new int[from.Length + 1, to.Length + 1];
        for (var i = 0; i <= from.Length; i++)
        {
            for (var j = 0; j <= to.Length; j++)
            {
                edits[i, j] = i == 0 || j == 0 ? i + j : Least(i, j);
            }
        }

        return edits[from.Length, to.Length];

        int Least(int i, int j)
        {
            var isSame = from[i - 1] == to[j - 1];
            var least = Math.Min(Math.Min(edits[i - 1, j], edits[i, j - 1]) + 1, edits[i - 1, j - 1] + (isSame ? 0 : 1));
            var isSwap = i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1];
            return isSwap ? Math.Min(least, edits[i - 2, j - 2] + 1) : least;
        }
    }
}
