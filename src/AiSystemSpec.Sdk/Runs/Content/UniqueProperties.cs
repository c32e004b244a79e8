using System.Text.Json;
using System.Text.Json.Nodes;
using AiSystemSpec.Sdk.Json;

namespace AiSystemSpec.Sdk.Runs.Content;

/// <summary>
/// The properties of an object, each once: parsed JSON may have one twice, which <see cref="JsonObject"/> refuses to be read. The last
/// one wins, as in jsonb.
/// </summary>
internal static class UniqueProperties
{
    // Of what is larger nothing is kept, whatever its properties are.
    private const int LargestText = 16 * ContentLimits.JsonBytes;

    public static JsonObject Of(JsonObject node)
    {
        try
        {
            _ = node.Count; // reads the properties of parsed JSON
            return node;
        }
        catch (ArgumentException)
        {
            return Rebuild(node);
        }
    }

    private static JsonObject Rebuild(JsonObject node)
    {
        var buffer = new CountingBuffer(LargestText);
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { MaxDepth = int.MaxValue, SkipValidation = true }))
        {
            node.WriteTo(writer); // not read yet, so that it is written as it was parsed
        }

        if (buffer.IsOverLimit)
        {
            return new JsonObject { [ContentLimits.CutKey] = new string('x', ContentLimits.JsonBytes) }; // is cut, too
        }

        using var document = JsonDocument.Parse(buffer.Kept.ToArray(), new JsonDocumentOptions { MaxDepth = int.MaxValue });
        var root = new JsonObject();
        var pending = new Stack<(JsonElement From, JsonNode To, int Depth)>();
        pending.Push((document.RootElement, root, 1));
        while (pending.TryPop(out var next))
        {
            if (next.To is JsonObject properties)
            {
                foreach (var property in next.From.EnumerateObject())
                {
                    properties[property.Name] = Copy(property.Value, next.Depth, pending);
                }
            }
            else
            {
                foreach (var item in next.From.EnumerateArray())
                {
                    next.To.AsArray().Add(Copy(item, next.Depth, pending));
                }
            }
        }

        return root;
    }

    private static JsonNode? Copy(JsonElement value, int depth, Stack<(JsonElement From, JsonNode To, int Depth)> pending)
    {
        if (value.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        if (value.ValueKind is not (JsonValueKind.Object or JsonValueKind.Array))
        {
            return JsonValue.Create(value.Clone());
        }

        JsonNode copy = value.ValueKind == JsonValueKind.Object ? new JsonObject() : new JsonArray();
        if (depth <= StoredJson.MaxDepth)
        {
            pending.Push((value, copy, depth + 1)); // what is deeper is cut
        }

        return copy;
    }
}
