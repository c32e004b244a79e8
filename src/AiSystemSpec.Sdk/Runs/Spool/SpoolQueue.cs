using AiSystemSpec.Sdk.Runs.Queue;
using AiSystemSpec.Sdk.Runs.Writing;
using Microsoft.Extensions.Logging;

namespace AiSystemSpec.Sdk.Runs.Spool;

/// <summary>
/// Rows that wait on disk: those that earlier processes left first, then this one's own. What the disk does not take waits in memory, and goes
/// to the database all the same.
/// </summary>
internal sealed class SpoolQueue : IRowQueue
{
    private static readonly TimeSpan TendInterval = TimeSpan.FromMilliseconds(500);

    private readonly OwnSpools _own;
    private readonly LeftFolders _left;
    private readonly MemoryQueue _overflow;
    private readonly OverflowSource _overflowSource;
    private readonly SetAsideFile _setAside;
    private readonly KnownIdentity _identity;
    private readonly TimeOrderedIds _ids;
    private readonly RowFormatter _formatter;
    private readonly ITimer _timer;
    private IRowSource? _unreleased;
    private int _peeked;
    private int _missing;
    private volatile bool _hasEarlierRows = true;

    public SpoolQueue(
        string directory, RunLogOptions options, KnownIdentity identity, SetAsideFile setAside, TimeOrderedIds ids, RowFormatter formatter, RunLogState state,
        TimeProvider timeProvider, ILogger logger)
    {
        var damage = new SpoolDamage(state, logger);
        var quota = new SpoolQuota(options.SpoolMaxBytes);
        _identity = identity;
        _setAside = setAside;
        _ids = ids;
        _formatter = formatter;
        _overflow = new MemoryQueue(options.QueueCapacity, ids: null, formatter);
        _overflowSource = new OverflowSource(_overflow);
        _own = new OwnSpools(() => new OwnSpool(directory, quota, options.SpoolFsync, () => identity.Known, damage, MayRemove), timeProvider, logger);
        _left = new LeftFolders(directory, quota, damage, state, timeProvider, logger, MayRemove);
        _timer = timeProvider.CreateTimer(_ => _own.Tend(), state: null, TendInterval, TendInterval);
    }

    public long Spooled => _own.Waiting + _left.Rows;

    public long Waiting => Spooled + _overflow.Waiting;

    public bool IsDurable => true;

    public bool HasEarlierRows => _hasEarlierRows;

    public string? Add(ref HandedOverRow row)
    {
        _ids.Assign(ref row);
        return _own.TryAppend(_formatter.Format(row)) || _overflow.Add(ref row) is null ? null : "spool_full";
    }

    public async ValueTask PrepareAsync(CancellationToken cancellationToken)
    {
        if (_unreleased is null)
        {
            _own.Rehome();
        }

        await _identity.FindAsync(cancellationToken).ConfigureAwait(false);
    }

    public IReadOnlyList<StoredRow> Peek(int limit, long maxBytes)
    {
        // What was read and not released comes first again, whatever came meanwhile.
        var rows = _unreleased is not null && TryRead(_unreleased, limit, maxBytes) is { Count: > 0 } again ? again : PeekNext(limit, maxBytes);
        _peeked = rows.Count;
        return rows;
    }

    public int Release()
    {
        var missing = _own.TakeMissing() + _missing;
        _missing = 0;
        if (_unreleased is not { } source)
        {
            return missing;
        }

        _unreleased = null;
        if (source is LeftSpool)
        {
            _left.Count(_peeked);
        }

        var released = missing + source.Release();
        _ = _setAside.TryFlush(); // where it waited for room, there may be some now
        return released;
    }

    public void RememberClock(long offset) => _own.RememberClock(offset);

    public int Close(int dealtWith)
    {
        // The disk may have room again: what is there is not lost.
        while (_overflow.Peek(limit: 1, long.MaxValue) is [var row])
        {
            row.MayExist = true; // it may have been sent
            if (!_own.TryAppend(row))
            {
                return _overflow.Close(ReferenceEquals(_unreleased, _overflowSource) ? dealtWith : 0);
            }

            _ = _overflow.Release();
        }

        return _overflow.Close(dealtWith: 0);
    }

    public void Dispose()
    {
        _timer.Dispose();
        _own.Dispose();
        _left.Dispose();
        _setAside.Dispose(); // the disk has the most room now
    }

    private IReadOnlyList<StoredRow> PeekNext(int limit, long maxBytes)
    {
        while (_left.Next(_identity.Known) is { } left)
        {
            if (TryRead(left, limit, maxBytes) is not { } earlier)
            {
                continue; // put off
            }

            if (earlier.Count > 0)
            {
                return Take(left, earlier);
            }

            _left.End();
        }

        _hasEarlierRows = false;
        Exception? failure = null;
        foreach (var source in _own.Sources.Append(_overflowSource))
        {
            try
            {
                if (source.Read(limit, maxBytes) is { Count: > 0 } rows)
                {
                    return Take(source, rows);
                }

                _missing += source.Release(); // rows that turned out to be missing
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                failure = exception; // too many open files, for example: what waits elsewhere goes on
            }
        }

        return failure is null ? [] : throw failure;
    }

    private IReadOnlyList<StoredRow> Take(IRowSource source, IReadOnlyList<StoredRow> rows)
    {
        _unreleased = source;
        return rows;
    }

    /// <summary>Whether rows that were dealt with may leave the disk: one that was refused is safe only when it stands in its own file.</summary>
    private bool MayRemove() => _setAside.TryFlush();

    /// <summary>Reads a source; null where a folder of another process cannot be read, which is put off.</summary>
    private IReadOnlyList<StoredRow>? TryRead(IRowSource source, int limit, long maxBytes)
    {
        try
        {
            return source.Read(limit, maxBytes);
        }
        catch (Exception exception) when (source is LeftSpool && exception is IOException or UnauthorizedAccessException)
        {
            _unreleased = null;
            _left.PutOff(exception);
            return null;
        }
    }
}
