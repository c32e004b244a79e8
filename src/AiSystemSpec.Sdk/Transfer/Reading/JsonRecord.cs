using System.Text.Json;

namespace AiSystemSpec.Sdk.Transfer.Reading;

/// <summary>Reads one JSON object as a row. What is JSON in the table stays text, so that no number and no depth is lost on the way.</summary>
internal static class JsonRecord
{
    // The server's depth, and not ours, is the limit.
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 1_000_000 };

    public static FileRecord Read(TransferTable table, long line, ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json, Options);
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? new FileRecord(line, Values(table, document.RootElement), null)
                : FileRecord.Broken(line, "It is JSON, but not an object.");
        }
        catch (JsonException exception)
        {
            return FileRecord.Broken(line, $"It is not JSON: {exception.Message.Split(" LineNumber:")[0]}");
        }
        catch (InvalidOperationException)
        {
            return FileRecord.Broken(line, "A text is not UTF-8, or has half of a surrogate pair, which no database stores.");
        }
    }

    private static string?[] Values(TransferTable table, JsonElement row)
    {
        var values = new string?[table.Columns.Count];
        foreach (var property in row.EnumerateObject())
        {
            if (table.IndexOf(property.Name) is >= 0 and var at)
            {
                values[at] = ValueOf(property.Value, table.Columns[at].IsJson);
            }
        }

        return values;
    }

    private static string? ValueOf(JsonElement value, bool isJson) => value.ValueKind switch
    {
        JsonValueKind.Null => null,
        JsonValueKind.String when !isJson => value.GetString(),
        _ => value.GetRawText(),
    };
}
