using Microsoft.Win32.SafeHandles;

namespace AiSystemSpec.Sdk.Runs.Spool;

/// <summary>
/// Appends records to a folder's newest file. Without fsync the system's own cache holds what was written, which outlives the process;
/// the files are forced to the disk twice a second, so that a crash of the machine costs no more than the last second.
/// </summary>
internal sealed class SpoolAppender(SpoolFolder folder, SpoolQuota quota, bool isForced, Func<DatabaseIdentity> owner) : IRecordFiles, IDisposable
{
    // Sealed files that stay open, so that they can be read though someone removes the folder. More would be a burden on the host's handles.
    private const int MaxOpen = 16;

    private readonly Lock _lock = new();
    private readonly Queue<SpoolFile> _sealed = new();
    private readonly Dictionary<long, SafeFileHandle> _open = [];
    private SafeFileHandle? _file;
    private DatabaseIdentity? _fileOwner;
    private long _number;
    private long _headerLength;
    private long _length;
    private long _ordinal = 1;
    private bool _isDirty;
    private bool _isBroken;
    private bool _isClosed;

    public bool MayVanish => false;

    /// <summary>Gets the number behind the last row.</summary>
    public long EndOrdinal => Volatile.Read(ref _ordinal);

    /// <summary>Appends one record, whose frame is still to be written; false where the spool has no room for it.</summary>
    public bool TryAppend(Span<byte> record)
    {
        var checksum = Checksum.Of(record[RecordFrame.Length..]);
        lock (_lock)
        {
            if (_isClosed || !quota.HasRoom(record.Length) || (NeedsFile(record.Length) && !TryRoll(record.Length)))
            {
                return false;
            }

            RecordFrame.Seal(record, _ordinal, checksum);
            Write(record);
            _isDirty = true;
            _ordinal++;
            _length += record.Length;
            quota.Count(record.Length);
            return true;
        }
    }

    /// <summary>Takes no more records; what is there can still be read.</summary>
    public void Close()
    {
        lock (_lock)
        {
            _isClosed = true;
        }
    }

    public SpoolFile? AtOrBehind(long number)
    {
        lock (_lock)
        {
            foreach (var file in _sealed)
            {
                if (file.Number >= number)
                {
                    return file;
                }
            }

            return _file is not null && number <= _number ? new SpoolFile(_number, _length, IsSealed: false, _ordinal) : null;
        }
    }

    public SafeFileHandle? Open(long number, out bool isBorrowed)
    {
        lock (_lock)
        {
            // The writer's own handle stays, whatever becomes of the name.
            isBorrowed = true;
            if (_open.TryGetValue(number, out var known))
            {
                return known;
            }

            if (number == _number && _file is not null)
            {
                return _file;
            }

            isBorrowed = false;
        }

        try
        {
            return File.OpenHandle(folder.FileOf(number), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    public void Remove(long number) => Forget(number, isRemoved: true);

    public void Keep(long number) => Forget(number, isRemoved: false);

    /// <summary>Frees the newest file, where everything in it was dealt with: the next row begins another.</summary>
    public bool TryRestart(SpoolPlace place)
    {
        lock (_lock)
        {
            if (_file is null || place.File != _number || place.Offset != _length || _length == _headerLength)
            {
                return false;
            }

            quota.Count(-_length);
            _file.Dispose();
            _file = null;
            SpoolFiles.TryDelete(folder.FileOf(_number));
            return true;
        }
    }

    /// <summary>Removes the newest file at the end, where nothing waits; those before it are removed as they are read.</summary>
    /// <returns>Whether none is left.</returns>
    public bool TryEnd()
    {
        lock (_lock)
        {
            if (_sealed.Count > 0)
            {
                return false;
            }

            _file?.Dispose();
            if (_file is not null)
            {
                quota.Count(-_length);
                SpoolFiles.TryDelete(folder.FileOf(_number));
            }

            _file = null;
            return true;
        }
    }

    /// <summary>Whether the newest file is where it was made.</summary>
    public bool IsInPlace()
    {
        lock (_lock)
        {
            return _file is null || File.Exists(folder.FileOf(_number));
        }
    }

    /// <summary>Forces the newest file to the disk, outside the lock: callers go on meanwhile.</summary>
    public void Force()
    {
        SafeFileHandle file;
        lock (_lock)
        {
            if (!_isDirty || _file is null)
            {
                return;
            }

            _isDirty = false;
            file = _file;
        }

        TryForce(file);
    }

    public void Dispose()
    {
        Close();
        Force();
        lock (_lock)
        {
            _file?.Dispose();
            _file = null;
            foreach (var handle in _open.Values)
            {
                handle.Dispose();
            }

            _open.Clear();
        }
    }

    private void Forget(long number, bool isRemoved)
    {
        lock (_lock)
        {
            while (_sealed.TryPeek(out var file) && file.Number <= number)
            {
                quota.Count(-_sealed.Dequeue().End);
                if (_open.Remove(file.Number, out var handle))
                {
                    handle.Dispose();
                }

                if (isRemoved)
                {
                    SpoolFiles.TryDelete(folder.FileOf(file.Number));
                }
            }
        }
    }

    private bool NeedsFile(int length) =>
        _file is null || _isBroken || !ReferenceEquals(_fileOwner, owner()) || (_length > _headerLength && _length + length > quota.FileBytes);

    /// <summary>Begins the next file, and only then ends the one before it.</summary>
    private bool TryRoll(int length)
    {
        var (known, number) = (owner(), _number + 1);
        var header = new FileHeader(known, WriterProcess.Current.ToString(), _ordinal).ToBytes();
        if (!quota.HasRoom(header.Length + length))
        {
            return false;
        }

        while (Path.Exists(folder.FileOf(number)))
        {
            number++; // someone else's
        }

        var path = folder.FileOf(number);
        var next = SpoolFiles.Open(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        try
        {
            RandomAccess.Write(next, header, 0);
        }
        catch
        {
            next.Dispose();
            SpoolFiles.TryDelete(path);
            throw;
        }

        if (_file is { } full)
        {
            _sealed.Enqueue(new SpoolFile(_number, _length, IsSealed: true, _ordinal));
            var isKept = _open.Count < MaxOpen && _open.TryAdd(_number, full);
            _ = Task.Run(() => End(full, isKept));
        }

        (_file, _fileOwner, _number, _headerLength, _length, _isBroken) = (next, known, number, header.Length, header.Length, false);
        quota.Count(header.Length);
        return true;
    }

    private void Write(ReadOnlySpan<byte> record)
    {
        try
        {
            RandomAccess.Write(_file!, record, _length);
            if (isForced)
            {
                RandomAccess.FlushToDisk(_file!);
            }
        }
        catch
        {
            Undo();
            throw;
        }
    }

    /// <summary>Takes back half a record; where that fails, too, the file ends here.</summary>
    private void Undo()
    {
        try
        {
            RandomAccess.SetLength(_file!, _length);
        }
        catch (IOException)
        {
            _isBroken = true;
        }
    }

    private static void End(SafeFileHandle file, bool isKept)
    {
        TryForce(file);
        if (!isKept)
        {
            file.Dispose();
        }
    }

    private static void TryForce(SafeFileHandle file)
    {
        try
        {
            RandomAccess.FlushToDisk(file);
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException or UnauthorizedAccessException)
        {
            // Closed meanwhile, and forced there; or a broken disk, where an append fails by itself, and is reported.
        }
    }
}
