using AiSystemSpec.Sdk.Diagnostics;
using AiSystemSpec.Sdk.Runs.Writing;
using Microsoft.Extensions.Logging;
using Microsoft.Win32.SafeHandles;

namespace AiSystemSpec.Sdk.Runs.Spool;

/// <summary>Reads a folder's records in order. Used by one writer at a time.</summary>
/// <param name="folder">The folder.</param>
/// <param name="endOf">How far a file may be read; null where the folder has no such file.</param>
/// <param name="logger">Where damage is reported.</param>
internal sealed class SpoolReader(SpoolFolder folder, Func<long, long?> endOf, ILogger logger) : IDisposable
{
    private const int BufferLength = 1 << 20;

    private readonly SpoolPosition _position = new(folder.PositionPath);
    private byte[] _buffer = new byte[BufferLength];
    private SafeFileHandle? _file;
    private long _fileNumber = -1;
    private long _nextNumber;
    private long _nextOffset;

    /// <summary>Gets the offset of the database's clock that the folder's owner measured last.</summary>
    public long? ClockOffset => _position.ClockOffset;

    public void RememberClock(long offset) => _position.RememberClock(offset);

    /// <summary>Reads records behind the position, as many as the limits allow and one at least; none where nothing is left.</summary>
    public List<StoredRow> Read(int limit, long maxBytes)
    {
        var rows = new List<StoredRow>();
        var number = _position.FileNumber;
        var offset = _position.Offset;
        while (true)
        {
            var end = endOf(number) ?? 0;
            while (offset < end && rows.Count < limit)
            {
                var before = offset;
                offset = ReadFile(number, offset, end, limit, maxBytes, rows);
                maxBytes -= offset - before;
                if (offset == before)
                {
                    break; // the next record is longer than what is left of the bytes
                }
            }

            (_nextNumber, _nextOffset) = (number, offset);
            var later = folder.Files().FirstOrDefault(file => file > number, -1);
            if (offset < end || later < 0)
            {
                return rows;
            }

            (number, offset) = (later, 0);
        }
    }

    /// <summary>Counts the records behind the position, without reading what is in them.</summary>
    public long Count()
    {
        var count = 0L;
        Span<byte> header = stackalloc byte[RowCodec.HeaderLength];
        foreach (var number in folder.Files().Where(file => file >= _position.FileNumber))
        {
            using var file = Open(number);
            var offset = number == _position.FileNumber ? _position.Offset : 0;
            while (RandomAccess.Read(file, header, offset) == header.Length && RowCodec.LengthOf(header) is > 0 and var length && offset + length <= endOf(number))
            {
                offset += length;
                count++;
            }
        }

        return count;
    }

    /// <summary>Remembers that the records that were read last are dealt with, and removes files that are done.</summary>
    /// <returns>How many bytes that freed.</returns>
    public long Release()
    {
        _position.Advance(_nextNumber, _nextOffset);
        var freed = 0L;
        foreach (var done in folder.Files().TakeWhile(file => file < _nextNumber).ToList())
        {
            var path = folder.FileOf(done);
            freed += new FileInfo(path).Length;
            File.Delete(path);
        }

        return freed;
    }

    public void Dispose()
    {
        _file?.Dispose();
        _position.Dispose();
    }

    private SafeFileHandle Open(long number) => File.OpenHandle(folder.FileOf(number), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);

    private SafeFileHandle FileOf(long number)
    {
        if (_fileNumber != number)
        {
            _file?.Dispose();
            _file = Open(number);
            _fileNumber = number;
        }

        return _file!;
    }

    private long ReadFile(long number, long offset, long end, int limit, long maxBytes, List<StoredRow> rows)
    {
        var file = FileOf(number);
        var filled = RandomAccess.Read(file, _buffer.AsSpan(0, (int)Math.Min(_buffer.Length, end - offset)), offset);
        var at = 0;
        while (rows.Count < limit && filled - at >= RowCodec.HeaderLength)
        {
            var length = RowCodec.LengthOf(_buffer.AsSpan(at));
            if (rows.Count > 0 && at + length > maxBytes)
            {
                return offset + at;
            }

            if (length > filled - at && offset + at + length <= end)
            {
                return at > 0 ? offset + at : ReadLonger(number, offset, end, length, rows);
            }

            if (length == 0 || length > filled - at || RowCodec.Decode(_buffer.AsSpan(at, length)) is not { } row)
            {
                return SkipDamage(number, offset + at, end, length);
            }

            rows.Add(row);
            at += length;
        }

        return filled - at < RowCodec.HeaderLength && offset + filled >= end ? SkipDamage(number, offset + at, end, 0) : offset + at;
    }

    /// <summary>Makes room for a record that is longer than the buffer.</summary>
    private long ReadLonger(long number, long offset, long end, int length, List<StoredRow> rows)
    {
        _buffer = new byte[length];
        try
        {
            return ReadFile(number, offset, end, rows.Count + 1, long.MaxValue, rows);
        }
        finally
        {
            _buffer = new byte[BufferLength];
        }
    }

    /// <summary>Steps over what is no record: half of the last one, which nobody was told of, in silence; anything else is kept and reported.</summary>
    private long SkipDamage(long number, long offset, long end, int length)
    {
        var isLast = end - offset < RowCodec.HeaderLength || (length > 0 && offset + length >= end);
        if (!isLast && !IsZero(number, offset, end))
        {
            var kept = folder.KeepDamaged(number, offset);
            Log.SpoolDamaged(logger, end - offset, kept);
        }

        return end;
    }

    /// <summary>Whether nothing but zeros follows: room that a crashed machine had set aside and not filled.</summary>
    private bool IsZero(long number, long offset, long end)
    {
        while (offset < end)
        {
            var read = RandomAccess.Read(FileOf(number), _buffer.AsSpan(0, (int)Math.Min(_buffer.Length, end - offset)), offset);
            if (read == 0 || _buffer.AsSpan(0, read).ContainsAnyExcept((byte)0))
            {
                return read == 0;
            }

            offset += read;
        }

        return true;
    }
}
