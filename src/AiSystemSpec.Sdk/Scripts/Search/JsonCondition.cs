using System.Globalization;
using System.Text.Json;
using AiSystemSpec.Sdk.Json;

namespace AiSystemSpec.Sdk.Scripts.Search;

/// <summary>
/// The part of a filter that looks into content that is JSON. The database leaves out what it can; what is right is said here, so that it
/// is the same on every server.
/// </summary>
internal sealed class JsonCondition
{
    private static readonly JsonDocumentOptions ReadOptions = new() { MaxDepth = StoredJson.MaxDepth };

    private JsonCondition(string[] path, string? value)
    {
        Path = path;
        Value = value;
    }

    /// <summary>Gets the names of the properties, from the outermost on; a number may be an array's index.</summary>
    public string[] Path { get; }

    /// <summary>Gets the value wanted, as text; null for any but JSON null.</summary>
    public string? Value { get; }

    public static JsonCondition? Of(ScriptFilter filter)
    {
        if (string.IsNullOrEmpty(filter.JsonPath))
        {
            return null;
        }

        // "$.a.b", as SQL/JSON writes it, is taken too.
        var path = filter.JsonPath.StartsWith("$.", StringComparison.Ordinal) ? filter.JsonPath[2..] : filter.JsonPath;
        return new JsonCondition(path.Split('.'), string.IsNullOrEmpty(filter.JsonValue) ? null : filter.JsonValue);
    }

    public bool Matches(string? content)
    {
        if (content is null)
        {
            return false;
        }

        try
        {
            using var document = JsonDocument.Parse(content, ReadOptions);
            return TryFollow(document.RootElement, out var found) && IsWanted(found);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return false; // plain text is a script too, and a string may hold what is no text (a lone surrogate)
        }
    }

    private bool TryFollow(JsonElement element, out JsonElement found)
    {
        found = element;
        foreach (var step in Path)
        {
            var next = found.ValueKind switch
            {
                JsonValueKind.Object when found.TryGetProperty(step, out var property) => property,
                JsonValueKind.Array when int.TryParse(step, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < found.GetArrayLength() => found[index],
                _ => default,
            };
            if (next.ValueKind == JsonValueKind.Undefined)
            {
                return false;
            }

            found = next;
        }

        return true;
    }

    private bool IsWanted(JsonElement found) =>
        found.ValueKind != JsonValueKind.Null
        && (Value is null || string.Equals(found.ValueKind == JsonValueKind.String ? found.GetString() : found.GetRawText(), Value, StringComparison.Ordinal));
}
