using Microsoft.Win32.SafeHandles;

namespace AiSystemSpec.Sdk.Runs.Spool;

/// <summary>
/// A stretch of a file in memory, read in large pieces. Only a record longer than a piece costs more memory, for as long as it is read.
/// </summary>
internal sealed class FileWindow(int pieceLength = 256 << 10)
{
    private byte[] _buffer = [];
    private SafeFileHandle? _file;
    private long _end;
    private long _start;
    private int _filled;

    /// <summary>Gets how far the file is read.</summary>
    public long End => _end;

    /// <summary>Looks at a file up to an end, which may have moved since.</summary>
    public void Turn(SafeFileHandle file, long end)
    {
        if (!ReferenceEquals(file, _file) || end < _end)
        {
            _filled = 0;
        }

        (_file, _end) = (file, end);
    }

    /// <summary>Lets go of the file.</summary>
    public void Leave() => (_file, _filled) = (null, 0);

    /// <summary>Bytes of the file, fewer only at its end.</summary>
    public ReadOnlySpan<byte> Get(long offset, long count)
    {
        var length = (int)Math.Max(0, Math.Min(count, _end - offset));
        if (offset < _start || offset + length > _start + _filled)
        {
            Fill(offset, length);
        }

        return _buffer.AsSpan((int)(offset - _start), Math.Min(length, (int)Math.Max(0, _start + _filled - offset)));
    }

    private void Fill(long offset, int length)
    {
        var room = Math.Max(length, pieceLength);
        if (_buffer.Length != room)
        {
            _buffer = new byte[room];
        }

        (_start, _filled) = (offset, 0);
        var wanted = (int)Math.Min(room, _end - offset);
        while (_filled < wanted && RandomAccess.Read(_file!, _buffer.AsSpan(_filled, wanted - _filled), offset + _filled) is > 0 and var read)
        {
            _filled += read;
        }
    }
}
