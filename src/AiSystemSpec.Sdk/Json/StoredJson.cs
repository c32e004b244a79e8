using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AiSystemSpec.Sdk.Json;

/// <summary>
/// The jsonb columns as text. PostgreSQL sets no limit to the depth of JSON, System.Text.Json stops at 64 by default;
/// both ways here have one limit of our own, so that whatever is written can be read back.
/// </summary>
internal static class StoredJson
{
    /// <summary>The deepest nesting that is written, and read as JSON: the most that System.Text.Json's writer is made for.</summary>
    public const int MaxDepth = 1_000;

    // The nodes keep no options of their own, so a host's later ToJsonString() is its own business.
    private static readonly JsonDocumentOptions ReadOptions = new() { MaxDepth = MaxDepth };
    private static readonly JsonWriterOptions WriteOptions = new()
    {
        MaxDepth = MaxDepth,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, // the text goes into a jsonb column, never into HTML
    };

    /// <summary>
    /// Parses what the database holds; what cannot be parsed becomes a JSON string of the raw text, so that no row is lost to a reader.
    /// </summary>
    public static JsonNode? Parse(string json)
    {
        try
        {
            return JsonNode.Parse(json, nodeOptions: null, ReadOptions);
        }
        catch (JsonException)
        {
            return JsonValue.Create(json);
        }
    }

    /// <summary>Parses text that the SDK wrote.</summary>
    public static JsonNode? Parse(ReadOnlySpan<byte> json) => JsonNode.Parse(json, nodeOptions: null, ReadOptions);

    /// <summary>Writes a node as JSON text; <see langword="null"/> (SQL NULL) for none.</summary>
    /// <exception cref="JsonException">The node is nested deeper than <see cref="MaxDepth"/>.</exception>
    public static string? Format(JsonNode? node) => node is null ? null : Format(writer => Write(writer, node));

    public static string Format(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, WriteOptions))
        {
            write(writer);
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>Writes one node, having checked its depth without recursion: a stack overflow cannot be caught.</summary>
    public static void Write(Utf8JsonWriter writer, JsonNode? node)
    {
        if (node is null)
        {
            writer.WriteNullValue();
            return;
        }

        if (JsonDepth.Exceeds(node, MaxDepth - writer.CurrentDepth))
        {
            throw new JsonException($"The JSON is nested deeper than {MaxDepth} levels.");
        }

        node.WriteTo(writer);
    }
}
