using AiSystemSpec.Sdk.Runs.Formatting;

namespace AiSystemSpec.Sdk.Runs.Queue;

/// <summary>
/// Rows that wait in memory, copied but not formatted: formatting is done on the writer's time.
/// Rows stay until they are released, so that the capacity holds what is being written too.
/// </summary>
internal sealed class MemoryQueue(int capacity, TimeOrderedIds? ids, RowFormatter formatter) : IRowQueue
{
    private readonly Lock _lock = new();
    private readonly Queue<HandedOverRow> _rows = new();
    private readonly List<HandedOverRow> _taken = [];
    private int _room = capacity;
    private int _peeked;

    public long Spooled => 0;

    public bool IsDurable => false;

    public bool HasEarlierRows => false;

    public long Waiting
    {
        get
        {
            lock (_lock)
            {
                return _rows.Count;
            }
        }
    }

    public string? Add(HandedOverRow row)
    {
        lock (_lock)
        {
            if (_rows.Count >= _room)
            {
                return "queue_full";
            }

            ids?.Assign(row);
            _rows.Enqueue(row);
            return null;
        }
    }

    public ValueTask PrepareAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public IReadOnlyList<StoredRow> Peek(int limit, long maxBytes)
    {
        lock (_lock)
        {
            foreach (var row in _rows) // no iterator's calls while the lock is held
            {
                if (_taken.Count >= limit)
                {
                    break;
                }

                _taken.Add(row);
            }
        }

        var rows = new List<StoredRow>(_taken.Count);
        foreach (var taken in _taken)
        {
            var row = formatter.Format(taken);
            maxBytes -= row.Size;
            if (maxBytes < 0 && rows.Count > 0)
            {
                break;
            }

            rows.Add(row);
        }

        _taken.Clear();
        _peeked = rows.Count;
        return rows;
    }

    public int Release()
    {
        lock (_lock)
        {
            for (var row = 0; row < _peeked; row++)
            {
                _ = _rows.Dequeue();
            }
        }

        var released = _peeked;
        _peeked = 0;
        return released;
    }

    public void RememberClock(long offset)
    {
        // These rows die with the process.
    }

    public int Close(IReadOnlyList<StoredRow> unreleased) => Close(unreleased.Count(row => row.IsDone));

    /// <summary>Takes no more rows, so many of which are dealt with.</summary>
    /// <returns>How many are lost.</returns>
    public int Close(int dealtWith)
    {
        lock (_lock)
        {
            _room = 0;
            return _rows.Count - dealtWith;
        }
    }

    public void Dispose()
    {
        // Memory needs no end.
    }
}
