namespace AiSystemSpec.Sdk.Runs.Secrets;

/// <summary>The words of a name, in small letters and without what stands between them; digits count for nothing.</summary>
internal ref struct NameWords
{
    private readonly Span<char> _letters;
    private readonly Span<int> _starts;

    /// <summary>Reads a name into the given memory, which has room for its length, and one more.</summary>
    public NameWords(ReadOnlySpan<char> name, Span<char> letters, Span<int> starts)
    {
        _letters = letters;
        _starts = starts;
        var length = 0;
        var isInWord = false;
        for (var at = 0; at < name.Length; at++)
        {
            if (!char.IsAsciiLetter(name[at]))
            {
                isInWord = false;
                continue;
            }

            if (!isInWord || IsStart(name, at))
            {
                starts[Count++] = length;
            }

            letters[length++] = char.ToLowerInvariant(name[at]);
            isInWord = true;
        }

        starts[Count] = length;
    }

    public int Count { get; private set; }

    /// <summary>The last so many words, joined.</summary>
    public readonly ReadOnlySpan<char> Last(int count) => _letters[_starts[Count - count].._starts[Count]];

    /// <summary>One word, counted from the last, which is 1.</summary>
    public readonly ReadOnlySpan<char> Word(int fromEnd) => _letters[_starts[Count - fromEnd].._starts[Count - fromEnd + 1]];

    public void DropLast() => Count--;

    /// <summary>Whether a capital begins a word within letters, as in <c>apiKey</c> and in <c>APIKey</c>.</summary>
    private static bool IsStart(ReadOnlySpan<char> name, int at) =>
        char.IsAsciiLetterUpper(name[at])
        && (!char.IsAsciiLetterUpper(name[at - 1]) || (at + 1 < name.Length && char.IsAsciiLetterLower(name[at + 1])));
}
