using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using AiSystemSpec.Sdk.Json;
using AiSystemSpec.Sdk.Runs.Secrets;

namespace AiSystemSpec.Sdk.Runs.Content;

/// <summary>
/// Text that is JSON is redacted as JSON, so that escapes within escapes hide nothing; it is written anew only where it held a secret.
/// </summary>
internal sealed class JsonText(Redactor redactor)
{
    // Each level was escaped once more by whoever wrote it: deeper than this nothing sensible comes.
    private const int MostLevels = 4;

    [ThreadStatic]
    private static int _level;

    public string Redact(string text, SearchTime? time)
    {
        if (IsJson(text) && SecretNames.AreIn(text) && _level < MostLevels && Parse(text) is { } json)
        {
            _level++;
            try
            {
                text = Redact(text, json, time);
            }
            finally
            {
                _level--;
            }
        }

        return redactor.Redact(text, time);
    }

    public string RedactName(string text) => redactor.RedactName(text);

    public SearchTime? NewSearchTime() => redactor.NewSearchTime();

    private string Redact(string text, JsonNode json, SearchTime? time)
    {
        var buffer = new CountingBuffer(ContentLimits.JsonBytes);
        using var writer = new Utf8JsonWriter(buffer, SafeJson.Options);
        var walk = new JsonWalk(writer);
        walk.Begin(this, isStrict: false, time);
        walk.Write(json);
        writer.Flush();
        return walk.HasRedacted && !walk.IsBeyond ? Encoding.UTF8.GetString(buffer.Kept) : text;
    }

    private static bool IsJson(string text) =>
        text.Length > 8 && ((text[0] == '{' && text[^1] == '}') || (text[0] == '[' && text[^1] == ']'));

    private static JsonNode? Parse(string text)
    {
        try
        {
            return JsonNode.Parse(text, nodeOptions: null, new JsonDocumentOptions { MaxDepth = StoredJson.MaxDepth });
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
