namespace AiSystemSpec.Sdk.Runs.Queue;

/// <summary>Rows that wait in memory. Any number of callers add, one writer takes; rows stay until they are released, so that the capacity holds what is being written too.</summary>
internal sealed class MemoryQueue(int capacity, TimeProvider timeProvider)
{
    private int _room = capacity;
    private readonly Lock _lock = new();
    private readonly RowChunks _rows = new();
    private readonly TimeOrderedIds _ids = new(timeProvider);

    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _rows.Count;
            }
        }
    }

    /// <summary>Assigns the row's moment, and its id unless it has one, and adds it; false where there is no room.</summary>
    public bool TryAdd(ref HandedOverRow row)
    {
        lock (_lock)
        {
            if (_rows.Count >= _room)
            {
                return false;
            }

            row.Moment = _ids.NextMoment();
            row.Id = row.HasOwnId ? row.Id : _ids.IdOf(row.Moment);
            _rows.Add() = row;
            return true;
        }
    }

    public Guid NewId()
    {
        lock (_lock)
        {
            return _ids.IdOf(_ids.NextMoment());
        }
    }

    /// <summary>Copies the oldest rows; they stay until <see cref="Release"/>.</summary>
    public void CopyTo(List<HandedOverRow> rows, int limit)
    {
        lock (_lock)
        {
            _rows.CopyTo(rows, Math.Min(limit, _rows.Count));
        }
    }

    public void Release(int count)
    {
        lock (_lock)
        {
            _rows.Remove(count);
        }
    }

    /// <summary>Takes no more rows, and says how many are left.</summary>
    public int Close()
    {
        lock (_lock)
        {
            _room = 0;
            return _rows.Count;
        }
    }
}
