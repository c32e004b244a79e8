using System.Text.Encodings.Web;
using System.Text.Json;
using ContentPipeline.Scripting;

namespace ContentPipeline.Publishing;

/// <summary>Writes publishable files: Markdown with the origin of each in its front matter.</summary>
internal sealed class Publisher(string folder)
{
    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public string Folder => folder;

    /// <summary>Writes one file, whole or not at all: readers of the folder never see half of it.</summary>
    /// <returns>The file's path.</returns>
    public async Task<string> PublishAsync(string id, string runId, string source, VideoScript script, CancellationToken cancellationToken)
    {
        var path = Path.Combine(folder, id + ".md");
        var unfinished = Path.Combine(folder, $".{id}.unfinished");
        await File.WriteAllTextAsync(unfinished, ToMarkdown(runId, source, script), cancellationToken);
        File.Move(unfinished, path, overwrite: true);
        return path;
    }

    private static string ToMarkdown(string runId, string source, VideoScript script) =>
        $"""
        ---
        title: {Quote(script.Topic)}
        source: {Quote(source)}
        research: {script.ResearchId}
        run: {Quote(runId)}
        ---

        # {script.Topic}

        {string.Join("\n\n", script.Lines)}

        """;

    // A JSON string is a YAML string, whatever stands in it.
    private static string Quote(string text) => JsonSerializer.Serialize(text, Readable);
}
