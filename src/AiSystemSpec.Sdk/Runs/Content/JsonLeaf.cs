using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using AiSystemSpec.Sdk.Json;

namespace AiSystemSpec.Sdk.Runs.Content;

/// <summary>Reads the values of a JSON tree, whatever type of the host's is in them.</summary>
internal static class JsonLeaf
{
    /// <summary>Stands for what could not be read. Never the exception's message: it may quote what must not be stored.</summary>
    public static string Unreadable(Exception exception) => $"[not stored: reading it threw {exception.GetType().FullName}]";

    /// <summary>
    /// Whether a value that is no text is a number or a literal as it is. Else it is an object of the host's, or a container in disguise,
    /// which is to be parsed so that the rules reach into it; infinities and NaN have no JSON, and are kept as <paramref name="text"/>.
    /// </summary>
    public static bool IsPlain(JsonValue value, out string? text)
    {
        text = null;
        if (value.TryGetValue<int>(out _) || value.TryGetValue<long>(out _) || value.TryGetValue<bool>(out _) || value.TryGetValue<decimal>(out _))
        {
            return true;
        }

        if (value.TryGetValue<double>(out var wide) && !double.IsFinite(wide))
        {
            text = wide.ToString(CultureInfo.InvariantCulture);
        }
        else if (value.TryGetValue<float>(out var narrow) && !float.IsFinite(narrow))
        {
            text = narrow.ToString(CultureInfo.InvariantCulture);
        }
        else if (value.TryGetValue<double>(out _) || value.TryGetValue<float>(out _))
        {
            return true;
        }

        // Last, since a value of another type is serialised for it. A parsed number may be too large for a double.
        var isParsed = value.TryGetValue<JsonElement>(out var element);
        text = isParsed ? null : text;
        return isParsed && element.ValueKind is not (JsonValueKind.Object or JsonValueKind.Array);
    }

    /// <summary>A value of another type as what it is written as.</summary>
    public static JsonNode? Parse(JsonValue value) => StoredJson.Parse(value.ToJsonString());

    public static bool TryGetText(JsonValue value, [NotNullWhen(true)] out string? text)
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
}
