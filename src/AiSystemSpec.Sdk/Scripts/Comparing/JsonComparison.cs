using System.Text.Json;
using System.Text.RegularExpressions;

namespace AiSystemSpec.Sdk.Scripts.Comparing;

/// <summary>Finds the places where two JSON texts differ.</summary>
internal static partial class JsonComparison
{
    private static readonly JsonDocumentOptions ReadOptions = new() { MaxDepth = 500 };

    public static List<JsonDifference>? Compare(string? from, string? to)
    {
        using var one = Parse(from);
        using var other = Parse(to);
        if (one is null || other is null)
        {
            return null;
        }

        try
        {
            var differences = new List<JsonDifference>();
            Compare("$", one.RootElement, other.RootElement, differences);
            return differences;
        }
        catch (InvalidOperationException)
        {
            return null; // a name or a text that is none: a lone surrogate
        }
    }

    private static JsonDocument? Parse(string? text)
    {
        try
        {
            var document = text is null ? null : JsonDocument.Parse(text, ReadOptions);
            if (document is { RootElement.ValueKind: not (JsonValueKind.Object or JsonValueKind.Array) })
            {
                document.Dispose();
                return null; // a number or a word is a text, too
            }

            return document;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static void Compare(string path, JsonElement from, JsonElement to, List<JsonDifference> differences)
    {
        switch (from.ValueKind, to.ValueKind)
        {
            case (JsonValueKind.Object, JsonValueKind.Object):
                CompareObjects(path, from, to, differences);
                break;
            case (JsonValueKind.Array, JsonValueKind.Array):
                CompareArrays(path, from, to, differences);
                break;
            default:
                if (!IsSame(from, to))
                {
                    differences.Add(new JsonDifference { Kind = ScriptChangeKind.Changed, Path = path, From = from.GetRawText(), To = to.GetRawText() });
                }

                break;
        }
    }

    private static void CompareObjects(string path, JsonElement from, JsonElement to, List<JsonDifference> differences)
    {
        var (one, other) = (PropertiesOf(from), PropertiesOf(to));
        foreach (var (name, value) in one)
        {
            if (other.TryGetValue(name, out var there))
            {
                Compare(Member(path, name), value, there, differences);
            }
            else
            {
                differences.Add(new JsonDifference { Kind = ScriptChangeKind.Removed, Path = Member(path, name), From = value.GetRawText() });
            }
        }

        differences.AddRange(other.Where(property => !one.ContainsKey(property.Key))
            .Select(property => new JsonDifference { Kind = ScriptChangeKind.Added, Path = Member(path, property.Key), To = property.Value.GetRawText() }));
    }

    private static void CompareArrays(string path, JsonElement from, JsonElement to, List<JsonDifference> differences)
    {
        var (length, other) = (from.GetArrayLength(), to.GetArrayLength());
        for (var i = 0; i < Math.Max(length, other); i++)
        {
            var place = $"{path}[{i}]";
            if (i >= length)
            {
                differences.Add(new JsonDifference { Kind = ScriptChangeKind.Added, Path = place, To = to[i].GetRawText() });
            }
            else if (i >= other)
            {
                differences.Add(new JsonDifference { Kind = ScriptChangeKind.Removed, Path = place, From = from[i].GetRawText() });
            }
            else
            {
                Compare(place, from[i], to[i], differences);
            }
        }
    }

    /// <summary>By name, in order; of two of one name the last counts.</summary>
    private static OrderedDictionary<string, JsonElement> PropertiesOf(JsonElement element)
    {
        var properties = new OrderedDictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var property in element.EnumerateObject())
        {
            properties[property.Name] = property.Value;
        }

        return properties;
    }

    private static bool IsSame(JsonElement from, JsonElement to) => (from.ValueKind, to.ValueKind) switch
    {
        (JsonValueKind.String, JsonValueKind.String) => from.ValueEquals(to.GetString()),
        _ => from.ValueKind == to.ValueKind && string.Equals(from.GetRawText(), to.GetRawText(), StringComparison.Ordinal),
    };

    private static string Member(string path, string name) => PlainName().IsMatch(name) ? $"{path}.{name}" : $"{path}.\"{JsonEncodedText.Encode(name)}\"";

    [GeneratedRegex(@"^[\p{L}_][\p{L}\p{Nd}_]*$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex PlainName();
}
