using AiSystemSpec.Sdk.Runs.Formatting;

namespace AiSystemSpec.Sdk.Runs.Spool;

/// <summary>This process's folder: rows go in at one end and are read at the other.</summary>
internal sealed class OwnSpool : IRowSource, IDisposable
{
    [ThreadStatic]
    private static byte[]? _record;

    private readonly SpoolFolder _folder;
    private readonly FolderLock _lock;
    private readonly SpoolAppender _appender;
    private readonly SpoolPosition _position;
    private readonly SpoolReader _reader;
    private readonly Func<bool> _mayRemove;
    private long _waiting;
    private int _read;
    private volatile bool _isGone;
    private volatile bool _needsRoom;

    public OwnSpool(
        string directory, SpoolQuota quota, bool isForced, Func<DatabaseIdentity> owner, SpoolDamage damage, Func<bool> mayRemove)
    {
        _folder = SpoolFolder.Create(directory);
        _mayRemove = mayRemove;
        _lock = FolderLock.Create(_folder.Path, owner().Target);
        _appender = new SpoolAppender(_folder, quota, isForced, owner);
        _position = new SpoolPosition(_folder.PositionPath);
        _reader = new SpoolReader(_folder, _appender, new SpoolPlace(0, 0, 1), damage);
    }

    public string Path => _folder.Path;

    public long Waiting => Volatile.Read(ref _waiting);

    /// <summary>Gets whether someone took the folder away: what is appended would be found by nobody.</summary>
    public bool IsGone => _isGone;

    /// <summary>Gets whether the last read passed rows that are missing.</summary>
    public bool HasMissing => _reader.Missing > 0;

    /// <summary>Appends a row; false where the spool is full.</summary>
    public bool TryAppend(StoredRow row)
    {
        var record = _record ?? new byte[1_024];
        var length = RowCodec.Encode(row, ref record);
        _record = record;
        _needsRoom = true; // until it is known that the disk took it
        if (!_appender.TryAppend(record.AsSpan(0, length)))
        {
            return false;
        }

        _needsRoom = false;

        _ = Interlocked.Increment(ref _waiting);
        return true;
    }

    public IReadOnlyList<StoredRow> Read(int limit, long maxBytes)
    {
        var rows = _reader.Read(limit, maxBytes);
        rows.ForEach(row => row.IsSpooled = true);
        _read = rows.Count + _reader.Missing;
        return rows;
    }

    public int Release()
    {
        var mayRemove = _mayRemove();
        var place = _reader.Release(mayRemove);
        if (mayRemove)
        {
            _position.Advance(place);
            Restart(place);
        }

        var dealt = _read;
        _read = 0;
        _ = Interlocked.Add(ref _waiting, -dealt);
        return dealt;
    }

    public void RememberClock(long offset) => _position.RememberClock(offset);

    /// <summary>Forces what was appended to the disk, and looks whether the folder is still there.</summary>
    public void Tend()
    {
        _appender.Force();
        _position.RememberEnd(_appender.EndOrdinal);
        _isGone = _isGone || !File.Exists(_folder.LockPath) || !_appender.IsInPlace();
    }

    /// <summary>Shows other machines that the process lives.</summary>
    public void Beat() => _lock.Beat();

    /// <summary>Takes no more rows.</summary>
    public void Close() => _appender.Close();

    /// <summary>Ends the folder: it is removed where nothing waits, and left to the next process where something does.</summary>
    public void Dispose()
    {
        _appender.Close();
        var isEmpty = Waiting == 0 && _mayRemove() && _appender.TryEnd();
        if (!isEmpty)
        {
            _position.RememberEnd(_appender.EndOrdinal);
        }

        _reader.Dispose();
        _appender.Dispose();
        _position.Dispose();
        if (isEmpty)
        {
            SpoolFiles.TryDelete(_folder.PositionPath);
            _lock.Delete();
        }
        else
        {
            _lock.Release();
        }
    }

    /// <summary>
    /// Frees the disk where everything in the newest file was dealt with, once room is needed: a new file costs the next caller time.
    /// </summary>
    private void Restart(SpoolPlace place)
    {
        if (_needsRoom && _appender.TryRestart(place))
        {
            _reader.Close();
        }
    }
}
