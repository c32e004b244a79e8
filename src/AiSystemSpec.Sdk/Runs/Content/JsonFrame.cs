using System.Text.Json;
using System.Text.Json.Nodes;

namespace AiSystemSpec.Sdk.Runs.Content;

/// <summary>An object or array that is being written, and what its name says of what is in it.</summary>
internal struct JsonFrame
{
    private readonly JsonObject? _properties;
    private readonly JsonArray? _items;
    private int _next;
    private bool _isBroken;

    public JsonFrame(JsonNode node, JsonSecret secret)
    {
        _items = node as JsonArray;
        _properties = _items is null ? UniqueProperties.Of((JsonObject)node) : null;
        Secret = secret;
    }

    /// <summary>Gets what the container's own name says.</summary>
    public JsonSecret Secret { get; }

    public readonly bool IsArray => _items is not null;

    /// <summary>Gets whether the item is the second of two: the first may be its name.</summary>
    public readonly bool IsAtSecondOfTwo => _items is { Count: 2 } && _next == 2;

    public readonly JsonNode? Sibling(string name) =>
        _properties is not null && _properties.TryGetPropertyValue(name, out var sibling) ? sibling : null;

    /// <summary>Goes on by index: an enumerator of a <see cref="JsonObject"/> would be boxed for every object.</summary>
    public bool TryMoveNext(out string? name, out JsonNode? child)
    {
        (name, child) = (null, null);
        if (_isBroken || _next == (_properties?.Count ?? _items!.Count))
        {
            return false;
        }

        if (_properties is null)
        {
            child = _items![_next++];
        }
        else
        {
            (name, child) = _properties.GetAt(_next++);
            if (name is null)
            {
                throw new InvalidOperationException("The object is changed while it is read.");
            }
        }

        return true;
    }

    /// <summary>Ends a container that cannot be read on; false where it had ended.</summary>
    public bool Break() => !_isBroken && (_isBroken = true);

    public readonly void WriteStart(Utf8JsonWriter writer)
    {
        if (IsArray)
        {
            writer.WriteStartArray();
        }
        else
        {
            writer.WriteStartObject();
        }
    }

    public readonly void WriteEnd(Utf8JsonWriter writer)
    {
        if (IsArray)
        {
            writer.WriteEndArray();
        }
        else
        {
            writer.WriteEndObject();
        }
    }
}
