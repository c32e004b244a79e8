using System.Text.Json;

namespace ContentPipeline.Input;

/// <summary>An artifact's text, kept as it is, and the topic that it states.</summary>
/// <param name="Text">The JSON text.</param>
/// <param name="Topic">The text of <c>topic</c>, else of <c>title</c>; null where there is neither.</param>
internal sealed record ArtifactContent(string Text, string? Topic)
{
    // JSON may be nested as deep as it likes: only the outermost properties are looked at.
    private static readonly JsonDocumentOptions AnyDepth = new() { MaxDepth = int.MaxValue };

    private static readonly string[] TopicProperties = ["topic", "title"];

    public static async Task<ArtifactContent> ReadAsync(string path, CancellationToken cancellationToken)
    {
        var text = await TextFile.ReadAsync(path, cancellationToken);
        try
        {
            using var json = JsonDocument.Parse(text, AnyDepth);
            return new ArtifactContent(text, TopicProperties.Select(name => TextOf(json.RootElement, name)).FirstOrDefault(topic => topic is not null));
        }
        catch (JsonException exception)
        {
            throw new InvalidDataException($"{Path.GetFileName(path)} is not valid JSON: {exception.Message}", exception);
        }
    }

    private static string? TextOf(JsonElement root, string name) =>
        root.ValueKind == JsonValueKind.Object
        && root.TryGetProperty(name, out var value)
        && value.ValueKind == JsonValueKind.String
        && value.GetString() is { } text
        && !string.IsNullOrWhiteSpace(text)
            ? text
            : null;
}
