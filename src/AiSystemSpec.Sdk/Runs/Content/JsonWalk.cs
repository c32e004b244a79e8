using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using AiSystemSpec.Sdk.Json;
using AiSystemSpec.Sdk.Text;

namespace AiSystemSpec.Sdk.Runs.Content;

/// <summary>Writes one JSON value node by node on a stack of its own: a stack overflow by deep nesting cannot be caught.</summary>
internal readonly struct JsonWalk(Utf8JsonWriter writer, Redactor redactor, bool isStrict)
{
    /// <summary>Writes the value and returns its depth: 0 for a plain value.</summary>
    public int Write(JsonNode? root)
    {
        if (root is not (JsonObject or JsonArray) && !IsContainer(root, out root))
        {
            WriteLeaf(root);
            return 0;
        }

        var open = new Stack<Container>();
        var deepest = 0;
        Open(open, root!);
        while (open.TryPeek(out var container))
        {
            deepest = Math.Max(deepest, open.Count);
            if (!container.MoveNext())
            {
                container.WriteEnd(writer);
                _ = open.Pop();
                continue;
            }

            WriteChild(open, container);
        }

        return deepest;
    }

    public void WriteName(string name) => writer.WritePropertyName(SafeString(name));

    private void WriteChild(Stack<Container> open, Container container)
    {
        var child = container.Child;
        if (container.Name is { } name)
        {
            WriteName(name);
            if (child is JsonValue && Redactor.IsSecretName(name) && child.GetValueKind() == JsonValueKind.String)
            {
                writer.WriteStringValue(Redactor.Mark);
                return;
            }
        }

        if (child is JsonObject or JsonArray || IsContainer(child, out child))
        {
            Open(open, child!);
        }
        else
        {
            WriteLeaf(child);
        }
    }

    private void Open(Stack<Container> open, JsonNode node)
    {
        var container = new Container(node);
        container.WriteStart(writer);
        open.Push(container);
    }

    /// <summary>A value that holds an object of the host's, or a parsed element, may be a container in disguise: its text is parsed, so that the rules reach into it.</summary>
    private static bool IsContainer(JsonNode? value, out JsonNode? node)
    {
        node = value;
        if (value is not JsonValue || value.GetValueKind() is not (JsonValueKind.Object or JsonValueKind.Array))
        {
            return false;
        }

        node = StoredJson.Parse(value.ToJsonString());
        return node is JsonObject or JsonArray;
    }

    private void WriteLeaf(JsonNode? node)
    {
        if (node is null)
        {
            writer.WriteNullValue();
            return;
        }

        var value = node.AsValue();
        if (TryGetText(value, out var text))
        {
            writer.WriteStringValue(SafeString(text));
            return;
        }

        if (value.GetValueKind() != JsonValueKind.String && !IsNotANumber(value))
        {
            value.WriteTo(writer);
            return;
        }

        writer.WriteStringValue(SafeString(TextOf(value)));
    }

    private static bool TryGetText(JsonValue value, [NotNullWhen(true)] out string? text)
    {
        try
        {
            return value.TryGetValue(out text);
        }
        catch (InvalidOperationException) when (value.TryGetValue<JsonElement>(out var element))
        {
            text = JsonEscapes.Unescape(element.GetRawText());
            return true;
        }
    }

    /// <summary>Infinities and NaN have no JSON: a background row keeps them as text.</summary>
    private bool IsNotANumber(JsonValue value) =>
        !isStrict && ((value.TryGetValue<double>(out var wide) && !double.IsFinite(wide) && !value.TryGetValue<JsonElement>(out _))
            || (value.TryGetValue<float>(out var narrow) && !float.IsFinite(narrow) && !value.TryGetValue<JsonElement>(out _)));

    /// <summary>The text of a string value of another type, such as a date, and of what is not a number.</summary>
    private static string TextOf(JsonValue value)
    {
        if (value.TryGetValue<double>(out var wide))
        {
            return wide.ToString(CultureInfo.InvariantCulture);
        }

        return value.TryGetValue<float>(out var narrow)
            ? narrow.ToString(CultureInfo.InvariantCulture)
            : JsonSerializer.Deserialize<string>(value.ToJsonString()) ?? "";
    }

    private string SafeString(string text)
    {
        if (isStrict)
        {
            StoredText.ThrowIfInvalid(text, "JSON");
            return redactor.Redact(text);
        }

        return redactor.Redact(SafeText.Replace(text));
    }

    /// <summary>An object or array that is being written.</summary>
    private sealed class Container(JsonNode node)
    {
        private readonly JsonObject? _properties = node as JsonObject;
        private readonly JsonArray? _items = node as JsonArray;
        private int _next;

        public string? Name { get; private set; }

        public JsonNode? Child { get; private set; }

        /// <summary>Goes on by index: an enumerator of a <see cref="JsonObject"/> would be boxed for every object.</summary>
        public bool MoveNext()
        {
            if (_next == (_properties?.Count ?? _items!.Count))
            {
                return false;
            }

            if (_properties is null)
            {
                Child = _items![_next++];
            }
            else
            {
                (Name, Child) = _properties.GetAt(_next++);
            }

            return true;
        }

        public void WriteStart(Utf8JsonWriter writer)
        {
            if (_items is null)
            {
                writer.WriteStartObject();
            }
            else
            {
                writer.WriteStartArray();
            }
        }

        public void WriteEnd(Utf8JsonWriter writer)
        {
            if (_items is null)
            {
                writer.WriteEndObject();
            }
            else
            {
                writer.WriteEndArray();
            }
        }
    }
}
