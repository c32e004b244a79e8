using System.Runtime.CompilerServices;

namespace AiSystemSpec.Sdk.Transfer.Reading;

/// <summary>The objects of one JSON array, which is never in memory as a whole: they are told apart by their braces.</summary>
internal sealed class JsonArrayReader(TransferTable table, FileBytes bytes) : IRecordReader
{
    private long _line = 1;

    public async IAsyncEnumerable<FileRecord> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var isFirst = true;
        while (await bytes.PeekAsync(cancellationToken).ConfigureAwait(false) is { } next)
        {
            PassWhiteSpace();
            if ((isFirst && next == '[') || (!isFirst && next == ','))
            {
                bytes.Pass(1);
                isFirst = false;
                continue;
            }

            if (next == ']')
            {
                yield break;
            }

            var line = _line;
            var (element, isWhole) = await ReadElementAsync(cancellationToken).ConfigureAwait(false);
            yield return isWhole ? JsonRecord.Read(table, line, element) : FileRecord.Broken(line, "The file ends in the middle of it.");
        }

        if (!isFirst)
        {
            yield return FileRecord.Broken(_line, "The file ends before its array does: rows are missing.");
        }
    }

    /// <summary>Reads up to the comma or bracket behind an element; within texts, braces and commas mean nothing.</summary>
    private async ValueTask<(byte[] Element, bool IsWhole)> ReadElementAsync(CancellationToken cancellationToken)
    {
        var (depth, isText, isEscape) = (0, false, false);
        for (var at = 0; ; at++)
        {
            while (at >= bytes.Unread.Length)
            {
                if (!await bytes.ReadAsync(cancellationToken).ConfigureAwait(false))
                {
                    return (Take(bytes.Unread.Length), depth == 0 && !isText);
                }
            }

            var sign = bytes.Unread[at];
            if (isText)
            {
                isText = isEscape || sign != '"';
                isEscape = !isEscape && sign == '\\';
            }
            else if (depth == 0 && (sign is (byte)',' or (byte)']'))
            {
                return (Take(at), true);
            }
            else
            {
                isText = sign == '"';
                depth += sign is (byte)'{' or (byte)'[' ? 1 : sign is (byte)'}' or (byte)']' ? -1 : 0;
            }
        }
    }

    private byte[] Take(int length)
    {
        var element = bytes.Unread[..length].ToArray();
        _line += element.AsSpan().Count((byte)'\n');
        bytes.Pass(length);
        return element;
    }

    private void PassWhiteSpace()
    {
        var space = bytes.Unread.IndexOfAnyExcept(" \t\r\n"u8);
        _line += bytes.Unread[..space].Count((byte)'\n');
        bytes.Pass(space);
    }
}
