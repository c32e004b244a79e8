using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using AiSystemSpec.Sdk.Diagnostics;
using AiSystemSpec.Sdk.Persistence;
using AiSystemSpec.Sdk.Runs.Writing;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace AiSystemSpec.Sdk.Runs.Spool;

/// <summary>Keeps the rows that the database refuses for their own sake, one JSON object a line, for inspection.</summary>
internal sealed class SetAsideFile(string path, long maxBytes, RunLogState state, ILogger logger) : ISetAside
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public void Add(StoredRow row, Exception? exception)
    {
        try
        {
            var line = Format(row, exception);
            using var file = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
            if (file.Length + line.Length <= maxBytes)
            {
                file.Write(line); // at once: two processes may append
                Log.RunRowRefused(logger, exception, "set aside in set-aside.jsonl of the spool");
                state.CountSetAside();
                return;
            }
        }
        catch (IOException failure)
        {
            Log.SpoolFailed(logger, failure);
        }

        Log.RunRowRefused(logger, exception, "lost, since the spool has no room for it");
        state.CountLost(1, "refused");
    }

    private static ReadOnlySpan<byte> Format(StoredRow row, Exception? exception)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, Options))
        {
            writer.WriteStartObject();
            writer.WriteString("reason", ReasonOf(exception));
            WriteRow(writer, row);
            writer.WriteEndObject();
        }

        buffer.Write("\n"u8);
        return buffer.WrittenSpan;
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
