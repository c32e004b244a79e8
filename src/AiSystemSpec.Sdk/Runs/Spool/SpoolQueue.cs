using AiSystemSpec.Sdk.Diagnostics;
using AiSystemSpec.Sdk.Runs.Queue;
using AiSystemSpec.Sdk.Runs.Writing;
using Microsoft.Extensions.Logging;

namespace AiSystemSpec.Sdk.Runs.Spool;

/// <summary>
/// Rows that wait on disk: the folders of dead processes first, then this one's own. What the disk does not take waits in memory.
/// </summary>
internal sealed class SpoolQueue : IRowQueue
{
    /// <summary>How often folders of dead processes are looked for.</summary>
    public static readonly TimeSpan RescanInterval = TimeSpan.FromSeconds(30);

    private readonly string _parent;
    private readonly OwnSpool _own;
    private readonly MemoryQueue _overflow;
    private readonly TimeOrderedIds _ids;
    private readonly RowFormatter _formatter;
    private readonly TimeProvider _timeProvider;
    private readonly ILogger _logger;
    private readonly Queue<AbandonedSpool> _abandoned = new();
    private Origin _origin;
    private bool _isUnreleased;
    private long _abandonedRows;
    private long _scannedAt;
    private volatile bool _hasEarlierRows = true;
    private int _isFailing;

    public SpoolQueue(string parent, RunLogOptions options, MemoryQueue overflow, TimeOrderedIds ids, RowFormatter formatter, TimeProvider timeProvider, ILogger logger)
    {
        _parent = parent;
        _overflow = overflow;
        _ids = ids;
        _formatter = formatter;
        _timeProvider = timeProvider;
        _logger = logger;
        _own = new OwnSpool(SpoolFolder.Create(parent), options, timeProvider, logger);
    }

    /// <summary>Where the rows that were read last came from.</summary>
    private enum Origin
    {
        Abandoned,
        Own,
        Overflow,
    }

    public long Spooled => _own.Waiting + Volatile.Read(ref _abandonedRows);

    public long Waiting => Spooled + _overflow.Waiting;

    public bool IsDurable => true;

    public bool HasEarlierRows => _hasEarlierRows;

    public string? Add(ref HandedOverRow row)
    {
        _ids.Assign(ref row);
        try
        {
            if (_own.TryAppend(_formatter.Format(row)))
            {
                _isFailing = 0;
                return null;
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ObjectDisposedException)
        {
            if (Interlocked.Exchange(ref _isFailing, 1) == 0)
            {
                Log.SpoolFailed(_logger, exception);
            }
        }

        return _overflow.Add(ref row) is null ? null : "spool_full";
    }

    public ValueTask PrepareAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public IReadOnlyList<StoredRow> Peek(int limit, long maxBytes)
    {
        if (_origin == Origin.Overflow && _isUnreleased)
        {
            return _overflow.Peek(limit, maxBytes); // what came to the own folder since waits behind these
        }

        TakeAbandoned();
        while (_abandoned.TryPeek(out var oldest))
        {
            if (oldest.Read(limit, maxBytes) is { Count: > 0 } earlier)
            {
                _origin = Origin.Abandoned;
                return earlier;
            }

            oldest.Delete();
            _ = _abandoned.Dequeue();
            _own.CountBytes(-oldest.Bytes);
            CountAbandoned();
        }

        _hasEarlierRows = false;
        if (_own.Read(limit, maxBytes) is { Count: > 0 } rows)
        {
            _origin = Origin.Own;
            return rows;
        }

        _origin = Origin.Overflow;
        var last = _overflow.Peek(limit, maxBytes);
        _isUnreleased = last.Count > 0;
        return last;
    }

    public int Release()
    {
        switch (_origin)
        {
            case Origin.Abandoned:
                _abandoned.Peek().Release();
                CountAbandoned();
                return 0;
            case Origin.Own:
                return _own.Release();
            default:
                _isUnreleased = false;
                return _overflow.Release();
        }
    }

    public void RememberClock(long offset) => _own.RememberClock(offset);

    public int Close(int dealtWith) => _overflow.Close(_origin == Origin.Overflow && _isUnreleased ? dealtWith : 0);

    public void Dispose()
    {
        _own.Dispose();
        foreach (var abandoned in _abandoned)
        {
            abandoned.Dispose();
        }
    }

    /// <summary>Looks for folders of dead processes, at first and now and then: another may die while this one lives.</summary>
    private void TakeAbandoned()
    {
        if (_scannedAt != 0 && _timeProvider.GetElapsedTime(_scannedAt) < RescanInterval)
        {
            return;
        }

        foreach (var folder in SpoolFolder.TakeAbandoned(_parent))
        {
            Take(folder);
        }

        _scannedAt = _timeProvider.GetTimestamp();
        CountAbandoned();
    }

    private void Take(SpoolFolder folder)
    {
        try
        {
            var abandoned = new AbandonedSpool(folder, _logger);
            _abandoned.Enqueue(abandoned);
            _own.CountBytes(abandoned.Bytes);
            Log.SpoolTaken(_logger, abandoned.Waiting);
        }
        catch (DirectoryNotFoundException)
        {
            folder.Dispose(); // another process replayed and removed it while it was being taken
        }
    }

    private void CountAbandoned() => Volatile.Write(ref _abandonedRows, _abandoned.Sum(abandoned => abandoned.Waiting));
}
