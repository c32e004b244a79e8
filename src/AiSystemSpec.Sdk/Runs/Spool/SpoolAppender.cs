using AiSystemSpec.Sdk.Wire;
using Microsoft.Win32.SafeHandles;

namespace AiSystemSpec.Sdk.Runs.Spool;

/// <summary>
/// Appends records to a folder's newest file. Without fsync the system's own cache holds what was written, which outlives the process;
/// the files are forced to the disk twice a second, so that a crash of the machine costs no more than the last second.
/// </summary>
internal sealed class SpoolAppender(SpoolFolder folder, SpoolQuota quota, bool isForced, Func<DatabaseIdentity> owner) : IRecordFiles, IDisposable
{
    private readonly Lock _lock = new();
    private readonly SealedFiles _sealed = new(folder, quota);
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
            return _sealed.AtOrBehind(number) is { } full ? full
                : _file is not null && number <= _number ? new SpoolFile(_number, _length, IsSealed: false, _ordinal) : null;
        }
    }

    public SafeFileHandle? Open(long number, out bool isBorrowed)
    {
        lock (_lock)
        {
            // The writer's own handle stays, whatever becomes of the name.
            isBorrowed = true;
            if ((number == _number ? _file : _sealed.OpenHandleOf(number)) is { } known)
            {
                return known;
            }
        }

        isBorrowed = false;
        return folder.TryOpen(number);
    }

    public void Forget(long number, bool isRemoved)
    {
        lock (_lock)
        {
            _sealed.Forget(number, isRemoved);
        }
    }

    /// <summary>Frees the newest file, where everything in it was dealt with: the next row begins another.</summary>
    public bool TryRestart(SpoolPlace place)
    {
        lock (_lock)
        {
            if (_file is null || place.File != _number || place.Offset != _length || _length == _headerLength)
            {
                return false;
            }

            End();
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

            End();
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

        SpoolFiles.TryForce(file);
    }

    public void Dispose()
    {
        Close();
        Force();
        lock (_lock)
        {
            _file?.Dispose();
            _file = null;
            _sealed.Dispose();
        }
    }

    /// <summary>Removes the newest file.</summary>
    private void End()
    {
        if (_file is not null)
        {
            quota.Count(-_length);
            _file.Dispose();
            _file = null;
            SpoolFiles.TryDelete(folder.FileOf(_number));
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
            _sealed.Add(new SpoolFile(_number, _length, IsSealed: true, _ordinal), full);
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
}
