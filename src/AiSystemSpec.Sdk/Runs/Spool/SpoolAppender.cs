using Microsoft.Win32.SafeHandles;

namespace AiSystemSpec.Sdk.Runs.Spool;

/// <summary>
/// Appends records to a folder's newest file. Without fsync the system's own cache holds what was written, which outlives the process;
/// the files are forced to the disk twice a second, so that a crash of the machine costs no more than the last second.
/// </summary>
internal sealed class SpoolAppender : IDisposable
{
    private const long LargestFile = 8L << 20;
    private const long SmallestFile = 4L << 10;

    private static readonly TimeSpan FlushInterval = TimeSpan.FromMilliseconds(500);

    private readonly Lock _lock = new();
    private readonly SpoolFolder _folder;
    private readonly long _maxBytes;
    private readonly long _fileBytes;
    private readonly bool _isForced;
    private readonly ITimer? _timer;
    private SafeFileHandle _file;
    private long _number = 1;
    private long _length;
    private long _bytes;
    private bool _isDirty;
    private bool _isClosed;

    public SpoolAppender(SpoolFolder folder, long maxBytes, bool isForced, TimeProvider timeProvider)
    {
        _folder = folder;
        _maxBytes = maxBytes;
        _fileBytes = Math.Clamp(maxBytes / 16, SmallestFile, LargestFile);
        _isForced = isForced;
        _file = Create(_number);
        _timer = isForced ? null : timeProvider.CreateTimer(_ => Force(), state: null, FlushInterval, FlushInterval);
    }

    /// <summary>Appends one record; false where the spool has no room for it.</summary>
    public bool TryAppend(ReadOnlySpan<byte> record)
    {
        lock (_lock)
        {
            if (_isClosed || _bytes + record.Length > _maxBytes)
            {
                return false;
            }

            if (_length > 0 && _length + record.Length > _fileBytes)
            {
                Roll();
            }

            RandomAccess.Write(_file, record, _length); // after an error the next record takes this one's place
            if (_isForced)
            {
                RandomAccess.FlushToDisk(_file);
            }

            _isDirty = true;
            _length += record.Length;
            _bytes += record.Length;
            return true;
        }
    }

    /// <summary>Bytes that the spool takes beside what was appended here, or no longer takes.</summary>
    public void CountBytes(long bytes)
    {
        lock (_lock)
        {
            _bytes += bytes;
        }
    }

    /// <summary>How far a file may be read; null where there is none.</summary>
    public long? EndOf(long number)
    {
        lock (_lock)
        {
            if (number == _number)
            {
                return _length;
            }
        }

        var file = new FileInfo(_folder.FileOf(number));
        return file.Exists ? file.Length : null;
    }

    public void Dispose()
    {
        _timer?.Dispose();
        Force();
        lock (_lock)
        {
            _isClosed = true;
            _file.Dispose();
        }
    }

    private SafeFileHandle Create(long number) => File.OpenHandle(_folder.FileOf(number), FileMode.CreateNew, FileAccess.Write, FileShare.Read | FileShare.Delete);

    private void Roll()
    {
        var next = Create(_number + 1);
        var full = _file;
        (_file, _number, _length) = (next, _number + 1, 0);
        _ = Task.Run(() => ForceAndClose(full));
    }

    private static void ForceAndClose(SafeFileHandle file)
    {
        using (file)
        {
            RandomAccess.FlushToDisk(file);
        }
    }

    /// <summary>Forces the newest file to the disk, outside the lock: callers go on meanwhile.</summary>
    private void Force()
    {
        SafeFileHandle file;
        lock (_lock)
        {
            if (!_isDirty || _isClosed)
            {
                return;
            }

            _isDirty = false;
            file = _file;
        }

        try
        {
            RandomAccess.FlushToDisk(file);
        }
        catch (ObjectDisposedException)
        {
            // Rolled meanwhile, and forced there.
        }
        catch (IOException)
        {
            _isDirty = true; // tried again; an append to a broken disk fails by itself, and is reported
        }
    }
}
