using AiSystemSpec.Sdk.Runs.Writing;
using Microsoft.Extensions.Logging;

namespace AiSystemSpec.Sdk.Runs.Spool;

/// <summary>This process's folder: rows go in at one end and are read at the other.</summary>
internal sealed class OwnSpool : IDisposable
{
    [ThreadStatic]
    private static byte[]? _record;

    private readonly SpoolFolder _folder;
    private readonly SpoolAppender _appender;
    private readonly SpoolReader _reader;
    private long _waiting;
    private int _read;

    public OwnSpool(SpoolFolder folder, RunLogOptions options, TimeProvider timeProvider, ILogger logger)
    {
        _folder = folder;
        _appender = new SpoolAppender(folder, options.SpoolMaxBytes, options.SpoolFsync, timeProvider);
        _reader = new SpoolReader(folder, _appender.EndOf, logger);
    }

    public long Waiting => Volatile.Read(ref _waiting);

    /// <summary>Appends a row; false where the spool is full.</summary>
    public bool TryAppend(StoredRow row)
    {
        var record = _record ?? new byte[1_024];
        var length = RowCodec.Encode(row, ref record);
        _record = record;
        if (!_appender.TryAppend(record.AsSpan(0, length)))
        {
            return false;
        }

        _ = Interlocked.Increment(ref _waiting);
        return true;
    }

    public IReadOnlyList<StoredRow> Read(int limit, long maxBytes)
    {
        var rows = _reader.Read(limit, maxBytes);
        _read = rows.Count;
        return rows;
    }

    public int Release()
    {
        _appender.CountBytes(-_reader.Release());
        _ = Interlocked.Add(ref _waiting, -_read);
        return _read;
    }

    public void RememberClock(long offset) => _reader.RememberClock(offset);

    public void CountBytes(long bytes) => _appender.CountBytes(bytes);

    /// <summary>Ends the folder: it is removed where nothing waits, and left to the next process where something does.</summary>
    public void Dispose()
    {
        _appender.Dispose();
        _reader.Dispose();
        if (Waiting == 0)
        {
            _folder.Delete();
        }
        else
        {
            _folder.Dispose();
        }
    }
}
