using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using AiSystemSpec.Sdk.Runs.Formatting;
using AiSystemSpec.Sdk.Specification;
using Npgsql;

namespace AiSystemSpec.Sdk.Runs.Spool;

/// <summary>A refused row as a line of JSON: why and where it was refused, and what was in it.</summary>
internal static class SetAsideLine
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static byte[] Format(StoredRow row, string target, Exception? exception)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, Options))
        {
            writer.WriteStartObject();
            writer.WriteString("reason", ReasonOf(exception));
            writer.WriteString("target", target);
            WriteRow(writer, row);
            writer.WriteEndObject();
        }

        buffer.Write("\n"u8);
        return buffer.WrittenSpan.ToArray();
    }

    private static void WriteRow(Utf8JsonWriter writer, StoredRow row)
    {
        writer.WriteString(Schema.Columns.Id, row.Id);
        writer.WriteString(Schema.Columns.RunId, row.RunId);
        writer.WriteString(Schema.Columns.Stage, row.Stage);
        writer.WriteString(Schema.Columns.Status, row.Status);
        writer.WriteNumber(Schema.Columns.Attempts, row.Attempts);
        WriteJson(writer, Schema.Columns.InputRefs, row.InputRefs);
        WriteJson(writer, Schema.Columns.OutputRefs, row.OutputRefs);
        writer.WriteString(Schema.Columns.ErrorSummary, row.ErrorSummary);
        WriteJson(writer, Schema.Columns.Metrics, row.Metrics);
        if (row.CreatedAt is { } createdAt)
        {
            writer.WriteString(Schema.Columns.CreatedAt, createdAt);
        }
    }

    private static void WriteJson(Utf8JsonWriter writer, string name, byte[]? json)
    {
        writer.WritePropertyName(name);
        writer.WriteRawValue(json ?? "null"u8, skipInputValidation: true);
    }

    private static string ReasonOf(Exception? exception) => exception switch
    {
        null => "the table has a row with this id and other content",
        PostgresException postgres => $"{postgres.SqlState}: {postgres.MessageText}",
        _ => exception.Message,
    };
}
