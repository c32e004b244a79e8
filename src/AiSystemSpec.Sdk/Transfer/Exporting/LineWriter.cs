using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Npgsql;

namespace AiSystemSpec.Sdk.Transfer.Exporting;

/// <summary>Writes rows as lines of JSON into a buffer.</summary>
internal sealed class LineWriter : IDisposable
{
    // For a file, never for HTML: letters stay letters.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    private readonly TransferTable _table;
    private readonly JsonEncodedText[] _names;
    private readonly ArrayBufferWriter<byte> _buffer = new();
    private readonly Utf8JsonWriter _writer;

    public LineWriter(TransferTable table)
    {
        _table = table;
        _names = [.. table.Columns.Select(column => JsonEncodedText.Encode(column.Name))];
        _writer = new Utf8JsonWriter(_buffer, Options);
    }

    /// <summary>Gets how many bytes the lines have.</summary>
    public int Length => _buffer.WrittenCount;

    /// <summary>Gets the lines.</summary>
    public ReadOnlyMemory<byte> Lines => _buffer.WrittenMemory;

    /// <summary>Writes a row, whose values stand in the reader's columns from the second on.</summary>
    /// <param name="reader">The reader.</param>
    public void Write(NpgsqlDataReader reader)
    {
        _writer.WriteStartObject();
        for (var at = 0; at < _names.Length; at++)
        {
            _writer.WritePropertyName(_names[at]);
            Write(reader, at);
        }

        _writer.WriteEndObject();
        _writer.Flush();
        _writer.Reset();
        _buffer.Write("\n"u8);
    }

    public void Dispose() => _writer.Dispose();

    private void Write(NpgsqlDataReader reader, int at)
    {
        if (reader.IsDBNull(at + 1))
        {
            _writer.WriteNullValue();
            return;
        }

        var value = reader.GetFieldValue<byte[]>(at + 1);
        if (_table.Columns[at].IsText)
        {
            _writer.WriteStringValue(value);
            return;
        }

        // A column of type json keeps its text as it came, and may have line breaks between its words; within texts they are escaped.
        value.AsSpan().Replace((byte)'\n', (byte)' ');
        value.AsSpan().Replace((byte)'\r', (byte)' ');
        _writer.WriteRawValue(value, skipInputValidation: true);
    }
}
