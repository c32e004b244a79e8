using System.Globalization;
using System.Text.Json.Nodes;

namespace AiSystemSpec.Sdk.Runs.Content;

/// <summary>
/// Reads JSON strings whose escapes are no valid text (<c>"\ud800"</c>), which System.Text.Json parses and then refuses to read.
/// </summary>
internal static class JsonEscapes
{
    private const int EscapeLength = 6; // \uXXXX

    /// <summary>The text of a string in JSON's own writing, quotes included; halves of surrogate pairs stay halves.</summary>
    public static string Unescape(string raw)
    {
        var text = new System.Text.StringBuilder(raw.Length);
        for (var at = 1; at < raw.Length - 1; at++)
        {
            if (raw[at] != '\\')
            {
                _ = text.Append(raw[at]);
            }
            else if (raw[at + 1] == 'u')
            {
                _ = text.Append((char)ushort.Parse(raw.AsSpan(at + 2, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));
                at += EscapeLength - 1;
            }
            else
            {
                _ = text.Append(JsonNode.Parse($"\"{raw.AsSpan(at, 2)}\"")!.GetValue<string>());
                at++;
            }
        }

        return text.ToString();
    }
}
