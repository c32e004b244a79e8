namespace AiSystemSpec.Sdk.Transfer.Reading;

/// <summary>A file's bytes, of which a growing stretch is in memory: from where a record begins to as far as was read.</summary>
internal sealed class FileBytes(Stream stream)
{
    private const int FirstSize = 1 << 16;

    private byte[] _buffer = new byte[FirstSize];
    private int _start;
    private int _end;

    /// <summary>Gets what is in memory.</summary>
    public ReadOnlySpan<byte> Unread => _buffer.AsSpan(_start, _end - _start);

    /// <summary>Gets how many bytes were passed over.</summary>
    public long Passed { get; private set; }

    /// <summary>Passes over bytes: they are no longer needed.</summary>
    public void Pass(int count)
    {
        _start += count;
        Passed += count;
    }

    /// <summary>Reads on behind what is in memory.</summary>
    /// <returns>False at the end of the file.</returns>
    public async ValueTask<bool> ReadAsync(CancellationToken cancellationToken)
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }

        if (_end == _buffer.Length)
        {
            Array.Resize(ref _buffer, checked(_buffer.Length * 2));
        }

        var read = await stream.ReadAsync(_buffer.AsMemory(_end), cancellationToken).ConfigureAwait(false);
        _end += read;
        return read > 0;
    }

    /// <summary>Passes over a byte order mark.</summary>
    public async ValueTask PassMarkAsync(CancellationToken cancellationToken)
    {
        while (Unread.Length < 3 && await ReadAsync(cancellationToken).ConfigureAwait(false))
        {
        }

        if (Unread.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]))
        {
            Pass(3);
        }
    }

    /// <summary>Looks at the first byte that is no white space.</summary>
    /// <returns>Null where there is none.</returns>
    public async ValueTask<byte?> PeekAsync(CancellationToken cancellationToken)
    {
        for (var at = 0; ; at++)
        {
            while (at >= Unread.Length)
            {
                if (!await ReadAsync(cancellationToken).ConfigureAwait(false))
                {
                    return null;
                }
            }

            if (Unread[at] is not ((byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n'))
            {
                return Unread[at];
            }
        }
    }
}
