using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace AiSystemSpec.Sdk.Research.Typed;

/// <summary>Reads content as a type, each text once: a check of validity and the value that is returned share the work.</summary>
internal sealed class TypedContent<T>(JsonTypeInfo<T> typeInfo)
{
    private volatile Reading? _last; // as a whole: the caller and its research may look at once

    public bool TryRead(string? text, [MaybeNullWhen(false)] out T value)
    {
        var reading = _last;
        if (reading is null || !ReferenceEquals(text, reading.Text))
        {
            var isValid = TryParse(text, out var parsed);
            _last = reading = new Reading(text, parsed, isValid);
        }

        value = reading.Value;
        return reading.IsValid;
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

    private sealed record Reading(string? Text, T? Value, bool IsValid);
}
