using AiSystemSpec.Sdk.Runs.Formatting;
using AiSystemSpec.Sdk.Runs.Queue;
using Microsoft.Extensions.Logging;

namespace AiSystemSpec.Sdk.Runs.Spool;

/// <summary>
/// Rows that wait on disk: those that earlier processes left first, then this one's own. What the disk does not take waits in memory, and
/// goes to the database all the same.
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
    private readonly List<(IRowSource Source, int Count)> _parts = []; // what was read and is not released, in its order
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

    public string? Add(HandedOverRow row)
    {
        _ids.Assign(row);
        return _own.TryAppend(_formatter.Format(row)) || _overflow.Add(row) is null ? null : "spool_full";
    }

    public async ValueTask PrepareAsync(CancellationToken cancellationToken)
    {
        if (_parts.Count == 0)
        {
            _own.Rehome();
        }

        await _identity.FindAsync(cancellationToken).ConfigureAwait(false);
    }

    public IReadOnlyList<StoredRow> Peek(int limit, long maxBytes)
    {
        var rows = new List<StoredRow>();
        ReadAgain(rows, limit, ref maxBytes);
        ReadLeft(rows, limit, ref maxBytes);
        ReadOwn(rows, limit, ref maxBytes);
        _hasEarlierRows = _left.HasMore;
        return rows;
    }

    public int Release()
    {
        var released = _own.TakeMissing() + _missing;
        _missing = 0;
        var hadRows = _parts.Count > 0;
        while (_parts.Count > 0)
        {
            var (source, count) = _parts[0];
            _parts.RemoveAt(0);
            if (source is LeftSpool left)
            {
                _left.Count(left, count);
            }

            released += source.Release();
        }

        _ = hadRows && _setAside.TryFlush(); // where it waited for room, there may be some now
        return released;
    }

    public void RememberClock(long offset) => _own.RememberClock(offset);

    public int Close(IReadOnlyList<StoredRow> unreleased)
    {
        // The disk may have room again: what is there is not lost.
        var done = new Queue<bool>(unreleased.Where(row => !row.IsSpooled).Select(row => row.IsDone));
        while (_overflow.Peek(limit: 1, long.MaxValue) is [var row])
        {
            if (!done.TryPeek(out var isDone) || !isDone)
            {
                row.MayExist = true; // it may have been sent
                if (!_own.TryAppend(row))
                {
                    break;
                }
            }

            _ = done.TryDequeue(out _);
            _ = _overflow.Release();
        }

        return _overflow.Close(done.Count(isDone => isDone));
    }

    public void Dispose()
    {
        _timer.Dispose();
        _own.Dispose();
        _left.Dispose();
        _setAside.Dispose(); // the disk has the most room now
    }

    /// <summary>What was read and not released comes first again, whatever came meanwhile; only behind the last is room for more.</summary>
    private void ReadAgain(List<StoredRow> rows, int limit, ref long maxBytes)
    {
        for (var at = 0; at < _parts.Count;)
        {
            var (source, count) = _parts[at];
            var mayGrow = at == _parts.Count - 1 && !(source is LeftSpool && IsShared);
            var read = TryRead(source, mayGrow ? limit - rows.Count : count, mayGrow ? maxBytes : long.MaxValue) ?? [];
            if (read.Count == 0)
            {
                _parts.RemoveAt(at);
                continue;
            }

            _parts[at++] = (source, read.Count);
            Add(rows, read, ref maxBytes);
        }
    }

    /// <summary>
    /// Reads folders of earlier processes: all there is room for, or half where rows of this process wait, which must not wait for a long
    /// backlog.
    /// </summary>
    private void ReadLeft(List<StoredRow> rows, int limit, ref long maxBytes)
    {
        var (most, bytes) = IsShared ? (limit / 2, maxBytes / 2) : (limit, maxBytes);
        var kept = maxBytes - bytes;
        while (rows.Count < most && bytes > 0 && _left.Next(_identity.Known, left => _parts.Exists(part => part.Source == left)) is { } next)
        {
            if (TryRead(next, most - rows.Count, bytes) is not { } read)
            {
                continue; // put off
            }

            if (read.Count == 0)
            {
                _left.End(next);
                continue;
            }

            _parts.Add((next, read.Count));
            Add(rows, read, ref bytes);
        }

        maxBytes = kept + bytes;
    }

    private void ReadOwn(List<StoredRow> rows, int limit, ref long maxBytes)
    {
        Exception? failure = null;
        foreach (var source in _own.Sources.Append(_overflowSource).Where(source => !_parts.Exists(part => part.Source == source)))
        {
            if (rows.Count >= limit || maxBytes <= 0)
            {
                return;
            }

            try
            {
                if (source.Read(limit - rows.Count, maxBytes) is { Count: > 0 } read)
                {
                    _parts.Add((source, read.Count));
                    Add(rows, read, ref maxBytes);
                }
                else
                {
                    _missing += source.Release(); // rows that turned out to be missing
                }
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                failure = exception; // too many open files, for example: what waits elsewhere goes on
            }
        }

        if (failure is not null && rows.Count == 0)
        {
            throw failure;
        }
    }

    private static void Add(List<StoredRow> rows, IReadOnlyList<StoredRow> read, ref long maxBytes)
    {
        rows.AddRange(read);
        foreach (var row in read)
        {
            maxBytes -= row.Size;
        }
    }

    /// <summary>Gets whether rows of this process wait, and none is read yet.</summary>
    private bool IsShared => _own.Waiting + _overflow.Waiting > 0 && _parts.TrueForAll(part => part.Source is LeftSpool);

    /// <summary>
    /// Whether rows that were dealt with may leave the disk: one that was refused is safe only when it stands in its own file.
    /// </summary>
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
            _left.PutOff((LeftSpool)source, exception);
            return null;
        }
    }
}
