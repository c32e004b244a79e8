using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace AiSystemSpec.Sdk.Research.Typed;

/// <summary>Reads content as a type, each text once: a check of validity and the value that is returned share the work.</summary>
internal sealed class TypedContent<T>(JsonTypeInfo<T> typeInfo)
{
    private string? _text;
    private T? _value;
    private bool _isValid;

    public bool TryRead(string? text, [MaybeNullWhen(false)] out T value)
    {
        if (!ReferenceEquals(text, _text) || text is null)
        {
            (_text, _isValid) = (text, TryParse(text, out _value));
        }

        value = _value;
        return _isValid;
    }

    private bool TryParse(string? text, [MaybeNullWhen(false)] out T value)
    {
        value = default;
        if (text is null)
        {
            return false;
        }

        try
        {
            value = JsonSerializer.Deserialize(text, typeInfo);
            return value is not null;
        }
        catch (Exception exception) when (exception is JsonException or NotSupportedException or InvalidOperationException or FormatException)
        {
            return false;
        }
    }
}
