namespace ContentPipeline.Scripting;

/// <summary>A narration: what the script history keeps, the QA stage checks, and the publisher sets in type.</summary>
/// <param name="Topic">What it is about.</param>
/// <param name="ResearchId">The entry of the Context Cache that it was written from.</param>
/// <param name="Lines">What is spoken: the hook, the beats, and the close.</param>
internal sealed record VideoScript(string Topic, Guid ResearchId, IReadOnlyList<string> Lines)
{
    private const string TopicField = "topic: ";
    private const string ResearchField = "research: ";
    private const int FieldCount = 2;

    /// <summary>The line by which a script is found again in the history.</summary>
    public static string ReferenceTo(Guid researchId) => $"{ResearchField}{researchId}";

    /// <summary>Reads what <see cref="ToText"/> wrote.</summary>
    public static VideoScript Parse(string text)
    {
        var lines = text.Split('\n');
        return new VideoScript(
            lines[0][TopicField.Length..],
            Guid.Parse(lines[1][ResearchField.Length..]),
            [.. lines.Skip(FieldCount).Select(line => line[(line.IndexOf(']', StringComparison.Ordinal) + 2)..])]);
    }

    public string ToText() =>
        string.Join('\n', [TopicField + Topic, ReferenceTo(ResearchId), .. Lines.Select((line, index) => $"[{CueOf(index)}] {line}")]);

    private string CueOf(int index) => index == 0 ? "hook" : index == Lines.Count - 1 ? "close" : $"beat {index}";
}
