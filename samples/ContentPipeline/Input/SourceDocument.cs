namespace ContentPipeline.Input;

/// <summary>A document as the stages work on it.</summary>
/// <param name="FileName">The file's name, as a reference.</param>
/// <param name="Title">Its first heading, else the file's name without extension: the topic of its research.</param>
/// <param name="Paragraphs">Its prose without markup.</param>
internal sealed record SourceDocument(string FileName, string Title, IReadOnlyList<string> Paragraphs)
{
    public static async Task<SourceDocument> ReadAsync(string path, CancellationToken cancellationToken)
    {
        var text = await TextFile.ReadAsync(path, cancellationToken);
        var (title, paragraphs) = MarkdownText.Parse(text);
        title ??= Path.GetFileNameWithoutExtension(path).ReplaceLineEndings(" ");
        return new SourceDocument(Path.GetFileName(path), title, paragraphs.Count > 0 ? paragraphs : [title]);
    }
}
