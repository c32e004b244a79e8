using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace AiSystemSpec.Sdk.Transfer.Reading;

/// <summary>
/// Comma-separated rows under a line of names (RFC 4180). Nothing between two commas is NULL, two quotes are an empty text, as PostgreSQL has it.
/// </summary>
internal sealed class CsvReader(TransferTable table, FileBytes bytes) : IRecordReader
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly List<string?> _fields = [];
    private readonly List<byte> _field = [];
    private string? _error;
    private long _line = 1;

    public async IAsyncEnumerable<FileRecord> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (!await ReadFieldsAsync(cancellationToken).ConfigureAwait(false))
        {
            yield break;
        }

        var places = _fields.Select(name => table.IndexOf(name?.Trim())).ToArray();
        if (Array.IndexOf(places, 0) < 0)
        {
            throw new FormatException(
                $"The file begins neither with a JSON object nor with a JSON array, and its first line does not name the column {table.Columns[0].Name} of a CSV file. Give one of the three formats.");
        }

        for (var line = _line; await ReadFieldsAsync(cancellationToken).ConfigureAwait(false); line = _line)
        {
            if (_fields is [null])
            {
                continue; // a blank line
            }

            yield return _error is not null ? FileRecord.Broken(line, _error)
                : _fields.Count == places.Length ? new FileRecord(line, Place(places), null)
                : FileRecord.Broken(line, $"It has {_fields.Count} values, and the first line {places.Length} names.");
        }
    }

    private string?[] Place(int[] places)
    {
        var values = new string?[table.Columns.Count];
        for (var at = 0; at < places.Length; at++)
        {
            if (places[at] >= 0)
            {
                values[places[at]] = _fields[at];
            }
        }

        return values;
    }

    /// <summary>Reads one row.</summary>
    /// <returns>False at the end of the file.</returns>
    private async ValueTask<bool> ReadFieldsAsync(CancellationToken cancellationToken)
    {
        _fields.Clear();
        _error = null;
        var (isQuoted, isOpen, isAny) = (false, false, false);
        while (!bytes.Unread.IsEmpty || await bytes.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            isAny = true;
            if (KeepPlain(isOpen))
            {
                continue;
            }

            var sign = bytes.Unread[0];
            bytes.Pass(1);
            switch (sign)
            {
                case (byte)'"' when isOpen:
                    isOpen = false;
                    break;
                case (byte)'"':
                    if (isQuoted)
                    {
                        _field.Add(sign); // two quotes within quotes are one
                    }

                    (isQuoted, isOpen) = (true, true);
                    break;
                case (byte)'\r':
                    break; // of the line's end
                default:
                    Add(isQuoted);
                    isQuoted = false;
                    if (sign == '\n')
                    {
                        _line++;
                        return true;
                    }

                    break;
            }
        }

        if (isAny)
        {
            Add(isQuoted);
            _error = isOpen ? "A quote is opened and never closed." : _error;
        }

        return isAny;
    }

    /// <summary>Keeps what stands before the next sign that means something.</summary>
    private bool KeepPlain(bool isOpen)
    {
        var unread = bytes.Unread;
        var plain = isOpen ? unread.IndexOf((byte)'"') : unread.IndexOfAny(",\"\r\n"u8);
        plain = plain < 0 ? unread.Length : plain;
        if (plain > 0)
        {
            _line += isOpen ? unread[..plain].Count((byte)'\n') : 0;
            _field.AddRange(unread[..plain]);
            bytes.Pass(plain);
        }

        return plain > 0;
    }

    private void Add(bool isQuoted)
    {
        try
        {
            _fields.Add(_field.Count == 0 && !isQuoted ? null : Strict.GetString(CollectionsMarshal.AsSpan(_field)));
        }
        catch (DecoderFallbackException)
        {
            _error = "It is not UTF-8.";
        }

        _field.Clear();
    }
}
